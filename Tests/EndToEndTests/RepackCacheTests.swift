import Foundation
import TestSupport
import Testing

/// `--repack-cache`: the same answer with it and without it, and what becomes of its file is said.
struct RepackCacheTests {
    @Test func `a second start maps what the first has packed, if it is whole`() throws {
        let home = try TemporaryFolder()
        func run(_ options: [String]) throws -> QuireProcess.Outcome {
            let outcome = try QuireProcess.run(
                ["generate", "--prompt", "Once upon a time", "--max-tokens", "8"] + options,
                environment: ["QUIRE_HOME": home.path])
            #expect(outcome.succeeded, "\(outcome.stderr)")
            return outcome
        }
        let plain = try run([])
        let first = try run(["--repack-cache"])
        #expect(first.stdout == plain.stdout)
        if first.stderr.contains("need no file") { return }
        #expect(first.stderr.contains("Packed weights are kept in /"))
        let second = try run(["--repack-cache"])
        #expect(second.stdout == plain.stdout && second.stderr == plain.stderr)

        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: home.path + "/packed").first)
        #expect(name.hasPrefix("demo-"))
        let path = URL(fileURLWithPath: "\(home.path)/packed/\(name)")
        var bytes = try Data(contentsOf: path)
        #expect(bytes.count > 4096)
        bytes[5000] ^= 1
        try bytes.write(to: path)
        let third = try run(["--repack-cache"])
        #expect(third.stdout == plain.stdout)
        #expect(third.stderr.contains("is damaged: it is written again"))
        let floats = try run(["--repack-cache", "--activations", "float32"])
        #expect(floats.stderr.contains("need no file"))
    }
}
