import Foundation
import ModelFiles
import TestSupport
import Testing

/// Paths that are no regular file, and files that change.
struct SpecialFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fails(_ code: ModelFileError.Code, _ path: String) {
        let error = #expect(throws: ModelFileError.self) { try GGUFFile.open(path) }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.path == path)
    }

    @Test func `a missing file`() { fails(.unreadable, folder.path("none.gguf")) }

    @Test func `a folder`() { fails(.notARegularFile, folder.path) }

    @Test func `an empty file`() throws { fails(.notGGUF, try folder.write("empty", [])) }

    @Test(arguments: ["/dev/zero", "/dev/null", "/dev/random", "/dev/tty"])
    func `a device`(path: String) {
        let error = #expect(throws: ModelFileError.self) { try GGUFFile.open(path) }
        #expect([.notARegularFile, .unreadable].contains(error?.code))
    }

    @Test func `a pipe that nobody writes to`() throws {
        let path = folder.path("pipe")
        let maker = try Process.run(
            URL(fileURLWithPath: "/usr/bin/env"), arguments: ["mkfifo", path])
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)
        fails(.notARegularFile, path)
    }

    @Test func `links in a circle`() throws {
        let (one, other) = (folder.path("one"), folder.path("other"))
        try FileManager.default.createSymbolicLink(atPath: one, withDestinationPath: other)
        try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: one)
        fails(.unreadable, one)
    }

    @Test func `a link to a model is the model`() throws {
        let target = try folder.write("model", GGUFWriter().bytes())
        let link = folder.path("link.gguf")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try GGUFFile.open(link).tensors.isEmpty)
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
    func `a file without permission`() throws {
        let path = try folder.write("secret.gguf", GGUFWriter().bytes())
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        fails(.unreadable, path)
    }

    @Test func `a header longer than one piece reads the same from disk`() throws {
        var writer = GGUFWriter()
        let tokens = (0..<150_000).map { "a token of some length \($0)" }
        writer.add("tokens", .array(GGUFArray(texts: tokens)))
        writer.add("after", .uint32(7))
        writer.addTensor("t", dimensions: [4], floats: [1, 2, 3, 4])
        let path = folder.path("long.gguf")
        try writer.write(to: path)
        let file = try GGUFFile.open(path)
        let strings = try file.metadata.strings("tokens")
        #expect(strings.count == tokens.count)
        #expect(strings.text(0) == tokens[0] && strings.text(149_999) == tokens[149_999])
        #expect(try file.metadata.integer("after") == 7)
        #expect(file.byteCount == writer.bytes().count)
    }

    @Test func `a string that takes in the tensors' data is refused before it is read`() throws {
        let length = ModelFileLimits.stringBytes + 1
        let path = try folder.write(
            "sparse.gguf",
            RawGGUF.entry("a.key", type: 8) { $0.u64(UInt64(length)) })
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: UInt64(2 * length))
        try handle.close()
        fails(.tooLarge, path)
    }

    @Test func `a header beyond the limit is refused before it is read`() throws {
        let path = try folder.write(
            "sparse.gguf",
            RawGGUF.entry("a.key", type: 9) {
                $0.u32(0)
                $0.u64(UInt64(ModelFileLimits.headerBytes))
            })
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: UInt64(2 * ModelFileLimits.headerBytes))
        try handle.close()
        fails(.tooLarge, path)
    }

    @Test func `a file that cannot be written is an error`() {
        let error = #expect(throws: ModelFileError.self) {
            try GGUFWriter().write(to: folder.path("no/such/folder.gguf"))
        }
        #expect(error?.code == .notWritable)
    }
}
