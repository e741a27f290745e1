import Foundation
import TestSupport
import Testing

@testable import quire

/// `@path` in a message: the text of the file in its place.
struct AttachedFilesTests {
    @Test func `a file's text stands where it is named`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("note.txt", Array("Grüße\nzwei\n".utf8))
        let spaced = try folder.write("my note.txt", Array("three".utf8))
        func inserted(_ text: String) throws -> String { try AttachedFiles.inserted(into: text) }
        #expect(try inserted("Read @\(path) now") == "Read Grüße\nzwei now")
        #expect(try inserted("@\(path)") == "Grüße\nzwei")
        #expect(try inserted("(@\(path)), @\(path)?") == "(Grüße\nzwei), Grüße\nzwei?")
        #expect(try inserted("a @\"\(spaced)\"!") == "a three!")
        withExtendedLifetime(folder) {}
    }

    @Test func `what a file holds names no files`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a", Array("@/no/such".utf8))
        #expect(try AttachedFiles.inserted(into: "x @\(path)") == "x @/no/such")
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: ["ada@example.org", "Mail <ada@example.org>.", "a @ b", "@", "@, and", "x@"])
    func `an address or a mere sign is no file`(text: String) throws {
        #expect(try AttachedFiles.inserted(into: text) == text)
    }

    @Test func `a file that cannot be read is an error that names it`() throws {
        let folder = try TemporaryFolder()
        let binary = try folder.write("b", [0x61, 0xFF, 0x62])
        let large = try folder.write(
            "l", [UInt8](repeating: 0x61, count: ChatLimits.attachedBytes + 1))
        let cases = [
            ("/no/such.txt", "/no/such.txt cannot be read"), (binary, "not UTF-8"),
            (large, "more than 1 MiB"), (folder.path(""), "is a folder"),
            ("/dev/zero", "is not a regular file"),
        ]
        for (path, reason) in cases {
            let error = #expect(throws: ChatRefusal.self) {
                try AttachedFiles.inserted(into: "see @\(path) please")
            }
            let said = error?.description ?? ""
            #expect(said.contains(reason) && said.contains("was not sent"), "\(said)")
        }
        let many = String(
            repeating: "@\(try folder.write("s", [])) ", count: ChatLimits.attachedFiles + 1)
        #expect(throws: ChatRefusal.self) { try AttachedFiles.inserted(into: many) }
    }
}
