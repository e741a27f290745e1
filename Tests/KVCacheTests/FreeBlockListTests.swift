import KVCache
import Testing

/// Rows A2 to A7.
@Suite struct `The free list` {
    /// A list over blocks `1...count`, all of them free in ascending order.
    private func list(of count: UInt32) -> FreeBlockList {
        var list = FreeBlockList(blockCount: Int(count) + 1)
        list.append(contentsOf: (1...count).map { BlockID($0) })
        return list
    }

    /// A2
    @Test func `a list of one block begins and ends with it`() {
        let list = list(of: 1)
        #expect(list.count == 1)
        #expect(list.first == 1)
        #expect(list.last == 1)
        list.checkInvariants()
    }

    /// A3
    @Test func `blocks leave from the front and the middle and come back at the end`() {
        var list = list(of: 5)
        #expect(list.popFirst() == 1)
        #expect(list.count == 4)
        list.remove(3)
        #expect(list.count == 3)
        #expect(list.blocks == [2, 4, 5])
        list.append(3)
        #expect(list.last == 3)
        #expect(list.count == 4)
        for expected: BlockID in [2, 4, 5, 3] { #expect(list.popFirst() == expected) }
        #expect(list.count == 0)
        #expect(list.first == nil)
        #expect(list.last == nil)
        list.checkInvariants()
    }

    @Test func `an empty list gives no block`() {
        var list = FreeBlockList(blockCount: 3)
        #expect(list.popFirst() == nil)
        #expect(list.count == 0)
    }

    /// A4
    @Test func `appending several keeps their order`() {
        var list = FreeBlockList(blockCount: 7)
        list.append(contentsOf: [])
        #expect(list.blocks == [])
        list.append(contentsOf: [6])
        list.append(contentsOf: [4, 5])
        list.append(contentsOf: [1, 2, 3])
        #expect(list.blocks == [6, 4, 5, 1, 2, 3])
        #expect(list.count == 6)
        list.checkInvariants()
    }

    /// A5
    @Test func `prepending several puts them first in their order`() {
        var list = FreeBlockList(blockCount: 7)
        list.append(6)
        list.prepend(contentsOf: [])
        list.prepend(contentsOf: [4, 5])
        #expect(list.blocks == [4, 5, 6])
        list.prepend(contentsOf: [1, 2])
        #expect(list.blocks == [1, 2, 4, 5, 6])
        for expected: BlockID in [1, 2, 4, 5, 6] { #expect(list.popFirst() == expected) }
        #expect(list.count == 0)
        list.checkInvariants()
    }

    /// A6
    @Test func `blocks come out in the order of the list and are unlinked`() {
        var list = FreeBlockList(blockCount: 7)
        let order: [BlockID] = [2, 4, 6, 5, 1, 3]
        list.append(contentsOf: order)
        for (index, block) in order.enumerated() {
            #expect(list.popFirst() == block)
            #expect(!list.contains(block))
            #expect(list.count == 5 - index)
            list.checkInvariants()
        }
    }

    /// A7
    @Test func `the walk shows what is free`() {
        var list = list(of: 5)
        #expect(list.blocks == [1, 2, 3, 4, 5])
        _ = list.popFirst()
        #expect(list.blocks == [2, 3, 4, 5])
        list.remove(3)
        #expect(list.blocks == [2, 4, 5])
        list.append(3)
        #expect(list.blocks == [2, 4, 5, 3])
    }

    @Test func `freeing a block twice traps`() async {
        await #expect(processExitsWith: .failure) {
            var list = FreeBlockList(blockCount: 3)
            list.append(1)
            list.append(1)
        }
    }

    @Test func `the null block can never be free`() async {
        await #expect(processExitsWith: .failure) {
            var list = FreeBlockList(blockCount: 3)
            list.append(.null)
        }
    }
}
