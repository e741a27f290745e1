import Foundation
import Testing

@testable import Tensors

struct FileNameTests {
    @Test(
        arguments: [
            [], [0x61], [0xFF], [0x61, 0xC3], [0xC3, 0xA9], [0xED, 0xA0, 0x80, 0x2F, 0x80],
            Array("語\u{10FFFF}\u{10FF80}\u{10FF7F}".utf8), Array(1...255),
        ] as [[UInt8]])
    func `every name comes back as it was`(bytes: [UInt8]) {
        #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    }

    @Test func `names that are UTF-8 are strings as they are`() {
        #expect(FileName.text(Array("a/é語.gguf".utf8)) == "a/é語.gguf")
        #expect(!FileName.isForeign("a/é語.gguf"))
        #expect(FileName.isForeign(FileName.text([0x61, 0xE9])))
        #expect(FileName.isForeign(FileName.text(Array("\u{10FF80}".utf8))))
    }

    @Test func `a byte that is not UTF-8 is shown as a byte`() {
        #expect(PlainText.line(FileName.text([0x61, 0xE9, 0x62])) == "a\\xe9b")
        #expect(PlainText.lines(FileName.text([0x61, 0xE9, 0x0A])) == "a\\xe9\n")
    }

    #if os(Linux)
        @Test func `a file whose name is not UTF-8 is mapped`() throws {
            let folder = FileManager.default.temporaryDirectory.path
            let name = FileName.text(Array("\(folder)/quire-\(UUID().uuidString)-".utf8) + [0xE9])
            let locked = try LockedFile(path: name)
            try locked.write([1, 2, 3], at: 0)
            #expect(locked.isInPlace)
            let mapped = try MappedFile(path: name)
            #expect(mapped.count == 3)
            locked.remove()
            #expect(!locked.isInPlace)
            let error = #expect(throws: TensorError.self) { try MappedFile(path: name) }
            #expect(error?.message.contains("-\\xe9:") == true)
        }
    #endif
}
