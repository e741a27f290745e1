import Foundation
import TestSupport
import Testing

@testable import ModelStore

struct SHA256Tests {
    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `the standard's examples`(message: String, sum: String) {
        #expect(ServedFile.sum(of: Array(message.utf8)).description == sum)
    }

    @Test func `a million letters a`() {
        var hash = SHA256()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
        for _ in 0..<1000 { hash.update(piece.span) }
        #expect(
            hash.finalize().description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `the sum does not depend on how the message is cut`() {
        var generator = SeededGenerator(seed: 7)
        for length in [1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000] {
            let message = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let whole = ServedFile.sum(of: message)
            for _ in 0..<20 {
                var hash = SHA256()
                var rest = message[...]
                while !rest.isEmpty {
                    let cut = Int.random(in: 1...rest.count, using: &generator)
                    hash.update(Array(rest.prefix(cut)).span)
                    rest = rest.dropFirst(cut)
                }
                #expect(hash.finalize() == whole, "\(length) bytes")
            }
        }
    }

    @Test func `a file has the sum of its bytes`() throws {
        let test = try PullTest()
        let bytes = ServedFile.model(kibibytes: 3).bytes
        try test.write(bytes, to: "x")
        #expect(try SHA256Digest.ofFile(test.store.folder + "/x") == ServedFile.sum(of: bytes))
    }

    @Test func `a sum is read from its digits and from nothing else`() {
        let text = String(repeating: "0aF", count: 21) + "1"
        #expect(SHA256Digest(hexadecimal: text)?.description == text.lowercased())
        #expect(SHA256Digest(hexadecimal: text.dropLast()) == nil)
        #expect(SHA256Digest(hexadecimal: text.dropLast() + "g") == nil)
        #expect(SHA256Digest(hexadecimal: "") == nil)
    }
}
