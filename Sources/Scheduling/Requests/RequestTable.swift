import KVCache
import QuireIdentifiers

/// The states of all requests, each in a slot that it keeps for life.
///
/// Queue and batch are lists of slots, so that a request changes its place by moving a number.
struct RequestTable: Sendable {
    var states: [RequestState] = []
    private var vacant: [Int] = []
    private var slots: [SequenceID: Int] = [:]

    /// How many requests there are.
    var count: Int { slots.count }

    /// The slot of a request. O(1).
    func slot(of id: SequenceID) -> Int? { slots[id] }

    mutating func insert(_ state: RequestState) -> Int {
        let slot: Int
        if let free = vacant.popLast() {
            slot = free
            states[slot] = state
        } else {
            slot = states.count
            states.append(state)
        }
        let previous = slots.updateValue(slot, forKey: state.id)
        precondition(previous == nil, "request \(state.id) is there twice")
        return slot
    }

    mutating func remove(_ slot: Int) {
        let removed = slots.removeValue(forKey: states[slot].id)
        precondition(removed == slot, "a request in another's slot")
        states[slot].tokens = []
        states[slot].drafts = []
        states[slot].request.prompt = []
        states[slot].keys = .init()
        vacant.append(slot)
    }
}

/// Requests in some order: a view for tests and reports.
package struct RequestList: RandomAccessCollection, Sendable {
    let slots: [Int]
    let states: [RequestState]

    /// 0.
    package var startIndex: Int { 0 }

    /// How many requests there are.
    package var endIndex: Int { slots.count }

    /// A request by its place.
    package subscript(position: Int) -> RequestState { states[slots[position]] }
}
