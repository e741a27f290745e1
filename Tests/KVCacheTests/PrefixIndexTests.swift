import QuireIdentifiers
import Testing

@testable import KVCache

/// Rows C12, C16 and C17: what the index itself answers.
@Suite struct `The prefix index` {
    private let text = tokens(0..<8)

    private func key(_ number: UInt64) -> BlockKey { BlockKey(high: number, low: number) }

    /// An index over blocks of two tokens with a chain of nodes.
    private func chain(_ count: Int) -> (index: PrefixIndex, nodes: [PrefixNode]) {
        var index = PrefixIndex(blocks: 10, nodes: 10, blockSize: 2)
        var nodes: [PrefixNode] = []
        for entry in 0..<count {
            nodes.append(
                index.makeChild(
                    of: nodes.last ?? .sharedRoot, key(UInt64(entry)), text, at: 2 * entry))
        }
        return (index, nodes)
    }

    /// C12
    @Test func `a hit needs the block of every group`() {
        var (index, nodes) = chain(3)
        for entry in 0..<2 {
            index.attach(BlockID(UInt32(1 + entry)), to: nodes[entry], group: 0, isPending: false)
        }
        for entry in 0..<3 {
            index.attach(BlockID(UInt32(4 + entry)), to: nodes[entry], group: 1, isPending: false)
        }
        #expect(index.blockCount == 5)
        func hits(_ entry: Int, _ groups: [Int]) -> Bool {
            groups.allSatisfy { index.block(of: nodes[entry], group: $0) != nil }
        }
        #expect(hits(0, [0]) && hits(1, [0]) && !hits(2, [0]))
        #expect(hits(0, [1]) && hits(1, [1]) && hits(2, [1]))
        #expect(hits(0, [0, 1]) && hits(1, [0, 1]) && !hits(2, [0, 1]))
        index.checkInvariants()
    }

    /// C16
    @Test func `duplicates are kept apart`() {
        var (index, nodes) = chain(3)
        for (block, entry) in [(1, 0), (2, 1), (3, 2), (4, 0)] {
            index.attach(BlockID(UInt32(block)), to: nodes[entry], group: 0, isPending: false)
        }
        index.detach(2)
        #expect(index.block(of: nodes[1], group: 0) == nil)
        index.detach(1)
        #expect(index.block(of: nodes[0], group: 0) == 4, "the other one is still hit")
        index.detach(3)
        index.prune(nodes[2])
        index.detach(4)
        index.prune(nodes[0])
        #expect(index.blockCount == 0)
        #expect(index.nodeCount == 1, "nothing is left but the root")
        index.checkInvariants()
    }

    /// C17
    @Test func `the first of several blocks is hit, and each goes by itself`() {
        var (index, nodes) = chain(1)
        for block: BlockID in [7, 3, 5] {
            index.attach(block, to: nodes[0], group: 0, isPending: block == 7)
        }
        #expect(index.block(of: nodes[0], group: 0) == 7)
        #expect(index.block(of: nodes[0], group: 0, settled: true) == 3)
        #expect(index.duplicate(of: 3) == 5, "7 is not written yet")
        index.detach(3)
        #expect(index.block(of: nodes[0], group: 0) == 7)
        index.detach(7)
        #expect(index.block(of: nodes[0], group: 0) == 5)
        #expect(index.duplicate(of: 5) == nil)
        index.checkInvariants()
    }

    @Test func `taking out a block that is not there traps`() async {
        await #expect(processExitsWith: .failure) {
            var index = PrefixIndex(blocks: 4, nodes: 4, blockSize: 2)
            index.detach(2)
        }
    }

    /// A1: a block has one content until it is unregistered.
    @Test func `registering a block twice traps`() async {
        await #expect(processExitsWith: .failure) {
            var index = PrefixIndex(blocks: 4, nodes: 4, blockSize: 1)
            let node = index.makeChild(
                of: .sharedRoot, BlockKey(high: 0, low: 0), [1], at: 0)
            index.attach(1, to: node, group: 0, isPending: false)
            index.attach(1, to: node, group: 1, isPending: false)
        }
    }

    @Test func `equal keys are told apart by tokens and by parents`() {
        var index = PrefixIndex(blocks: 10, nodes: 10, blockSize: 2)
        let same = key(1)
        let a = index.makeChild(of: .sharedRoot, same, [1, 2], at: 0)
        let b = index.makeChild(of: .sharedRoot, same, [1, 3], at: 0)
        let underA = index.makeChild(of: a, same, [5, 6], at: 0)
        let underB = index.makeChild(of: b, same, [5, 6], at: 0)
        #expect(index.child(of: .sharedRoot, same, [1, 2], at: 0) == a)
        #expect(index.child(of: .sharedRoot, same, [1, 3], at: 0) == b)
        #expect(index.child(of: .sharedRoot, same, [1, 4], at: 0) == .none)
        #expect(index.child(of: a, same, [5, 6], at: 0) == underA)
        #expect(index.child(of: b, same, [5, 6], at: 0) == underB)
        #expect(index.child(of: underA, same, [5, 6], at: 0) == .none)
    }

    /// A8: the bookkeeping of a block is bounded, whatever the policy. What `adaptive` learns from
    /// does not grow with the blocks.
    @Test(arguments: EvictionPolicy.all)
    func `a block costs at most 128 bytes and its tokens`(policy: EvictionPolicy) throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 4), blockSize: 16,
            maxModelLength: 16)
        let blocks = 10_000
        let cache = PagedCache(
            layout: try planner.plan(blockCount: blocks),
            configuration: CacheConfiguration(eviction: policy))
        #expect(cache.order.fixedBytes < 512 << 10)
        let each = Double(cache.bookkeepingBytes - cache.order.fixedBytes) / Double(blocks)
        #expect(each <= 128, "\(policy): \(each)")
        #expect(each >= 64)
    }
}
