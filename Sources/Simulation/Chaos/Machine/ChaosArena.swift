import KVCache
import QuireIdentifiers

/// The pages of the executor and of its tiers: what lies in which slot.
struct ChaosArena {
    /// What a slot holds.
    struct Slot: Hashable {
        /// The history up to and with the slot's token; 0: nothing that anybody wrote.
        var chain: ChaosModel.Chain = 0
        var token: TokenID = 0
        var position: Int32 = -1
        /// The group whose keys and values these are.
        var group: Int32 = -1

        /// What a fault has left there.
        static func garbage(_ dice: inout ChaosDice) -> Slot {
            Slot(
                chain: dice.next(), token: TokenID(UInt32(dice.roll(0...15))),
                position: Int32(dice.roll(0...64)), group: Int32(dice.roll(0...2)))
        }
    }

    let blockSize: Int
    private var slots: [Slot]
    private var hostSlots: [Slot]

    init(_ layout: CacheLayout, hostSlots: Int) {
        blockSize = layout.blockSize
        slots = Array(repeating: Slot(), count: layout.blockCount * layout.blockSize)
        self.hostSlots = Array(repeating: Slot(), count: hostSlots * layout.blockSize)
    }

    subscript(block: BlockID, offset: Int) -> Slot {
        get { slots[Int(block.rawValue) * blockSize + offset] }
        set { slots[Int(block.rawValue) * blockSize + offset] = newValue }
    }

    /// A block's page.
    subscript(block: BlockID) -> [Slot] {
        get { Array(slots[range(Int(block.rawValue))]) }
        set { slots.replaceSubrange(range(Int(block.rawValue)), with: newValue) }
    }

    /// A page of the host tier.
    subscript(host slot: Int) -> [Slot] {
        get { Array(hostSlots[range(slot)]) }
        set { hostSlots.replaceSubrange(range(slot), with: newValue) }
    }

    func has(_ block: BlockID) -> Bool {
        block != .null && Int(block.rawValue) * blockSize < slots.count
    }

    func has(host slot: Int) -> Bool { slot >= 0 && slot * blockSize < hostSlots.count }

    /// A page of nothing of use.
    func garbage(_ dice: inout ChaosDice) -> [Slot] {
        (0..<blockSize).map { _ in .garbage(&dice) }
    }

    private func range(_ page: Int) -> Range<Int> { page * blockSize..<(page + 1) * blockSize }
}
