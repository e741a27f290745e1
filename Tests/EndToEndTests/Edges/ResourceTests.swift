import Foundation
import Testing

/// A system that gives too little: the command says of what, and ends.
struct ResourceTests {
    private func limited(_ limit: String, _ command: String) throws -> QuireProcess.Outcome {
        try QuireProcess.shell(
            """
            ulimit \(limit) || exit 77
            exec "$QUIRE" \(command)
            """)
    }

    @Test(arguments: [4, 5, 6, 8, 10, 12, 16, 20, 24])
    func `with few descriptors it says so or answers`(count: Int) throws {
        let outcome = try limited(
            "-n \(count)", "generate --model \"$MODEL\" --prompt One --max-tokens 2")
        #expect(!outcome.signalled, "\(outcome.stderr)")
        if !outcome.succeeded {
            #expect(outcome.status == 1)
            #expect(outcome.stderr.contains("ulimit -n"), "\(outcome.stderr)")
        }
        #expect(outcome.succeeded == (count >= 16), "\(outcome.stderr)")
    }

    #if os(Linux)
        @Test(arguments: [140_000, 200_000, 260_000, 300_000, 400_000])
        func `with little address space it says so or answers`(kilobytes: Int) throws {
            let outcome = try limited(
                "-v \(kilobytes)", "generate --model \"$MODEL\" --prompt One --max-tokens 2")
            #expect(!outcome.signalled, "\(outcome.stderr)")
            if !outcome.succeeded {
                #expect(outcome.status == 1)
                #expect(outcome.stderr.contains("ulimit -v"), "\(outcome.stderr)")
            }
        }
    #endif
}
