import Foundation
import TestSupport
import Testing

/// `--prefix-cache-file`: what a run has computed, a later one finds; whatever becomes of the file,
/// the answer is the same.
struct PrefixCacheFileTests {
    private let folder: TemporaryFolder
    private let prompt = Array(
        repeating: "Once upon a time there was a little girl who had a red ball.", count: 6
    ).joined(separator: " ")

    init() throws { folder = try TemporaryFolder() }

    private func run(_ options: [String] = []) throws -> QuireProcess.Outcome {
        try QuireProcess.run(
            ["run", prompt, "--temperature", "0", "--max-tokens", "20"] + options)
    }

    private var path: String { folder.path("prefixes") }

    @Test func `a second run answers from the file, a damaged one from nothing`() throws {
        let plain = try run()
        #expect(plain.succeeded, "\(plain.stderr)")
        let first = try run(["--prefix-cache-file", path])
        #expect(first.succeeded && first.stdout == plain.stdout, "\(first.stderr)")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        let size = try #require(attributes[.size] as? Int)
        #expect(size > 4096)
        let second = try run(["--prefix-cache-file", path, "--host-cache-size", "10MB"])
        #expect(second.succeeded && second.stdout == plain.stdout, "\(second.stderr)")
        // It found all that it computed: nothing but the demo's note is said, nothing is added.
        #expect(second.stderr == plain.stderr)

        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in stride(from: 40, to: bytes.count, by: 997) { bytes[place] ^= 0x55 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let third = try run(["--prefix-cache-file", path])
        #expect(third.succeeded && third.stdout == plain.stdout, "\(third.stderr)")
        #expect(third.stderr.contains("is written again"))
    }

    @Test func `a file that is something else is left alone`() throws {
        let other = try folder.write("thesis", Array("my thesis".utf8))
        let run = try run(["--prefix-cache-file", other])
        #expect(run.succeeded && run.stderr.contains("not a prefix cache"), "\(run.stderr)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == Data("my thesis".utf8))
        let missing = try self.run(["--prefix-cache-file", folder.path("no/such")])
        #expect(missing.succeeded && missing.stderr.contains("warning"), "\(missing.stderr)")
    }

    @Test func `options that make no sense are refused`() throws {
        let size = try run(["--prefix-cache-size", "1GB"])
        #expect(!size.succeeded && size.stderr.contains("--prefix-cache-file"))
        let number = try run(["--prefix-cache-file", path, "--prefix-cache-size", "many"])
        #expect(!number.succeeded && number.stdout.isEmpty)
    }
}
