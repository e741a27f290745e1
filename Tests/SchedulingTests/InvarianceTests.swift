import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import TestSupport
import Testing

/// The promise of the engine, on the control plane alone: a request's tokens are those that it
/// gets alone, however the work is cut up.
@Suite struct `Tokens do not depend on the schedule` {
    private static let requests: [Request] = {
        var random = SeededGenerator(seed: 11)
        return (0..<9).map { id in
            let count = Int.random(in: 1...70, using: &random)
            return Request(
                id: SequenceID(UInt64(id)),
                prompt: (0..<count).map { _ in
                    TokenID(UInt32.random(in: 0..<32, using: &random))
                },
                maxTokens: Int.random(in: 1...20, using: &random))
        }
    }()

    private static let spans: [[AttentionSpan]] = [
        [.full], [.slidingWindow(5)], [.full, .slidingWindow(9), .slidingWindow(9)],
    ]

    @Test(arguments: spans)
    func `over chunk sizes, batch limits and block sizes`(spans: [AttentionSpan]) throws {
        let alone = try Self.requests.map { request in
            try runToEnd([request], makeLayout(spans, length: 96, chunk: 96), bounds(chunk: 96))[0]
        }
        for (request, tokens) in zip(Self.requests, alone) {
            #expect(tokens.count == request.maxTokens)
        }
        for blockSize in [1, 3, 16, 96] {
            for chunk in [1, 7, 64, 96] {
                for running in [1, 3, 32] {
                    let layout = try makeLayout(
                        spans, blockSize: blockSize, blocks: 1200 / blockSize + 20, length: 96,
                        chunk: chunk)
                    let tokens = try runToEnd(
                        Self.requests, layout, bounds(tokens: 64, chunk: chunk, running: running))
                    #expect(tokens == alone, "block \(blockSize), chunk \(chunk), batch \(running)")
                }
            }
        }
    }

    @Test func `over pools that hold everything or barely one request`() throws {
        let spans: [AttentionSpan] = [.full, .slidingWindow(9), .slidingWindow(9)]
        let plenty = try runToEnd(Self.requests, makeLayout(spans, blockSize: 4), bounds())
        let needed = try makeLayout(spans, blockSize: 4, length: 96, chunk: 8)
            .peakBlocks(tokens: 96, chunk: 8)
        for extra in [0, 1, 5, 20, 50] {
            let layout = try makeLayout(
                spans, blockSize: 4, blocks: needed + 1 + extra, length: 96, chunk: 8)
            let tokens = try runToEnd(Self.requests, layout, bounds(tokens: 32, chunk: 8))
            #expect(tokens == plenty, "\(extra) blocks to spare")
        }
    }
}
