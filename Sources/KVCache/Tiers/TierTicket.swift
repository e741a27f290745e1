/// A claim on something that is under way, good for one return.
///
/// Handed out when a transfer, an operation of the file tier or a swap begins, and handed back when
/// it ends, so that whatever ends is found without a search.
package struct TierTicket: Hashable, Sendable {
    /// The place in the table that gave it.
    package let index: UInt32

    /// How often that place was given before; a ticket that was handed back is no longer valid.
    package let generation: UInt32

    /// Names a place of a table.
    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// What is under way, by ticket. Every operation is O(1), and allocates only when more is under way
/// than ever before.
struct TicketTable<Value: Sendable>: Sendable {
    private struct Place: Sendable {
        var value: Value?
        var generation: UInt32 = 0
    }

    private var places: [Place] = []
    private var free: [UInt32] = []

    /// How many tickets have not been handed back.
    var count: Int { places.count - free.count }

    var isEmpty: Bool { count == 0 }

    /// Hands out a ticket for what begins.
    mutating func issue(_ value: Value) -> TierTicket {
        guard let index = free.popLast() else {
            places.append(Place(value: value))
            return TierTicket(index: UInt32(places.count - 1), generation: 0)
        }
        places[Int(index)].value = value
        return TierTicket(index: index, generation: places[Int(index)].generation)
    }

    /// Takes a ticket back; nil, and nothing changes, if it is not valid.
    mutating func redeem(_ ticket: TierTicket) -> Value? {
        guard let value = self[ticket] else { return nil }
        places[Int(ticket.index)].value = nil
        places[Int(ticket.index)].generation &+= 1
        free.append(ticket.index)
        return value
    }

    /// What a ticket stands for; nil if it is not valid.
    subscript(ticket: TierTicket) -> Value? {
        let index = Int(ticket.index)
        guard index < places.count, places[index].generation == ticket.generation else {
            return nil
        }
        return places[index].value
    }

    /// Changes what a ticket stands for; nothing happens if it is not valid.
    mutating func update(_ ticket: TierTicket, _ change: (inout Value) -> Void) {
        guard self[ticket] != nil, var value = places[Int(ticket.index)].value.take() else {
            return
        }
        change(&value)
        places[Int(ticket.index)].value = value
    }

    /// All that is under way. O(places).
    var values: [Value] { places.compactMap(\.value) }
}
