import Testing

@testable import KVCache

struct TrafficTests {
    private func plan(_ spans: [AttentionSpan], blockSize: Int) throws -> CacheLayout {
        let geometry = KVGeometry(spans: spans, kvHeads: 2, headDim: 64)
        return try KVPlanner(
            geometry: geometry, blockSize: blockSize, maxModelLength: 4096
        ).plan(sequences: 1)
    }

    @Test(arguments: [1, 16, 4096])
    func `decoding reads the keys and values of all tokens in every layer`(blockSize: Int) throws {
        let layout = try plan([.full, .full, .full], blockSize: blockSize)
        // Three layers, keys and values, two heads of 64 halves.
        let token = 3 * 2 * 2 * 64 * 2
        #expect(layout.bytesRead(context: 0) == 0)
        #expect(layout.bytesRead(context: 1) == token)
        #expect(layout.bytesRead(context: 1000) == 1000 * token)
    }

    @Test func `a window reads no more than it sees`() throws {
        let layout = try plan([.full, .slidingWindow(512)], blockSize: 16)
        let token = 2 * 2 * 64 * 2
        #expect(layout.bytesRead(context: 100) == 2 * 100 * token)
        #expect(layout.bytesRead(context: 512) == 2 * 512 * token)
        #expect(layout.bytesRead(context: 3000) == (3000 + 512) * token)
    }
}
