import Testing

@testable import quire

/// Bytes that are meant to be text.
struct TextInputTests {
    @Test(
        arguments: [
            ([0x61, 0x62, 0xFF, 0x63], 2, "0xFF"),
            ([0xC3], 0, "0xC3"),
            ([0x61, 0xED, 0xA0, 0x80], 1, "0xED"),
            (Array("語".utf8) + [0xC0, 0x80], 3, "0xC0"),
        ] as [([UInt8], Int, String)])
    func `bytes that are not UTF-8 are refused with their place`(
        bytes: [UInt8], offset: Int, byte: String
    ) throws {
        let error = try #require(throws: NotText.self) {
            try TextInput.text(bytes, of: "notes.txt", lossy: false)
        }
        #expect(error.offset == offset)
        #expect(error.description.hasPrefix("notes.txt is not UTF-8"))
        #expect(error.description.contains("\(byte) at offset \(offset)"))
        #expect(error.description.contains("--lossy"))
    }

    @Test func `bytes that are not UTF-8 are replaced where that is asked for`() throws {
        #expect(try TextInput.text([0x61, 0xFF, 0x62], of: "stdin", lossy: true) == "a\u{FFFD}b")
    }

    @Test func `a command without --lossy does not offer it`() throws {
        let error = try #require(throws: NotText.self) {
            try TextInput.text([0xFF], of: "stdin", lossy: nil)
        }
        #expect(!error.description.contains("--lossy"))
    }

    @Test(arguments: ["", "a", "Grüß Gott, 你好 🐻!", "\u{0}\u{7F}\u{85}\u{2028}"])
    func `text is taken as it is`(text: String) throws {
        #expect(try TextInput.text(Array(text.utf8), of: "stdin", lossy: false) == text)
    }
}
