import Foundation
import InvarianceSupport
import Testing
import Tokenization

/// A request's tokens and log probabilities are the same to the bit alone and in any company, with
/// any cache, chunk, block, batch, order, preemption and number of threads.
///
/// `swift test` runs every 23rd combination, which meets every value of each; with
/// QUIRE_FULL_GRID=1 all of them.
struct InvarianceTests {
    static let chunks = [1, 7, 64, 192]
    static let blockSizes = [1, 16, 64]
    static let isWhole = ProcessInfo.processInfo.environment["QUIRE_FULL_GRID"] != nil

    @Test(arguments: chunks, blockSizes)
    func `every combination gives the tokens that a request has alone`(
        chunk: Int, blockSize: Int
    ) throws {
        let demo = try DemoEngine()
        let rig = Rig(
            model: demo.model, tokenizer: demo.tokenizer, maxModelLength: 192, sequences: 2)
        let text = demo.tokenizer.encodePrompt(
            """
            Once upon a time there was a brave little dragon called Ruby. She lived in a tower \
            that nobody else wanted. Her best friend was a sleepy mouse named Tom, and every day \
            they played near the old mill.
            """)
        let other = demo.tokenizer.encodePrompt("The Penguin and the Moon")
        var expected: [Int: (workload: Workload, answers: [[Answer]])] = [:]
        for n in [1, 3] {
            let workload = Workload(text: text, other: other, tokens: 6, n: n)
            expected[n] = (workload, try rig.alone(workload))
        }
        let settings = Setting.grid(
            chunks: [chunk], blockSizes: [blockSize], batches: [1, 3, 32])
        for (index, setting) in settings.enumerated() {
            guard Self.isWhole || (index + chunk + blockSize) % 23 == 0 else { continue }
            let (workload, alone) = try #require(expected[setting.n])
            for (time, found) in try rig.answers(workload, setting).enumerated() {
                for (request, answers) in found.enumerated() where answers != alone[request] {
                    Issue.record("request \(request), time \(time): \(setting)")
                }
            }
        }
    }
}
