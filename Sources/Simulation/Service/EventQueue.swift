/// Numbers by the time at which they are due; equal times in the order of the numbers.
///
/// A binary heap: O(log n) a change.
struct EventQueue {
    private struct Event {
        var time: Int64
        var number: Int

        static func isBefore(_ left: Event, _ right: Event) -> Bool {
            left.time == right.time ? left.number < right.number : left.time < right.time
        }
    }

    private var heap: [Event] = []

    var isEmpty: Bool { heap.isEmpty }

    /// When the first is due.
    var time: Int64? { heap.first?.time }

    mutating func insert(_ number: Int, at time: Int64) {
        var place = heap.count
        heap.append(Event(time: time, number: number))
        while place > 0, Event.isBefore(heap[place], heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes the first out.
    mutating func pop() -> (number: Int, time: Int64)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.number, first.time) }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && Event.isBefore(heap[child], heap[least]) {
                least = child
            }
            guard least != place else { break }
            heap.swapAt(place, least)
            place = least
        }
        return (first.number, first.time)
    }
}
