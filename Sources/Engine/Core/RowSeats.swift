import QuireIdentifiers

/// Where the sequences of a step's rows sit, found by the rows of the step before.
///
/// Steps are alike: most rows are those of the last step in their order, less those that have
/// ended. So the next row's sequence is nearly always the next of the list, or one of the next few,
/// and need not be looked up by its number.
struct RowSeats {
    private struct Entry {
        var sequence: SequenceID
        var seat: EngineCore.Seat
    }

    /// How many entries are passed over before the sequence counts as new.
    private static let reach = 8

    /// Before `end` the rows of this step, from `start` on what is left of the last step's.
    private var entries: [Entry] = []
    private var added: [Entry] = []
    private var written = 0
    private var read = 0

    /// A new step begins.
    mutating func begin() {
        written = 0
        read = 0
    }

    /// The place of the next row's sequence; nil: it is not known.
    mutating func next(_ sequence: SequenceID) -> Int? {
        guard added.isEmpty else { return nil }
        let end = min(entries.count, read + Self.reach)
        var index = read
        while index < end, entries[index].sequence != sequence { index += 1 }
        guard index < end else { return nil }
        if index != written { entries.swapAt(index, written) }
        read = index + 1
        written += 1
        return written - 1
    }

    /// Adds a sequence that was not known; its place.
    mutating func add(_ sequence: SequenceID, _ seat: EngineCore.Seat) -> Int {
        added.append(Entry(sequence: sequence, seat: seat))
        return -added.count
    }

    /// The seat at a place of this step.
    func seat(at place: Int) -> EngineCore.Seat {
        place < 0 ? added[-place - 1].seat : entries[place].seat
    }

    /// The number of what is gathered for the sequence at a place; nil: nothing is.
    func gathering(at place: Int) -> Int? {
        place < 0 ? added[-place - 1].seat.gathering : entries[place].seat.gathering
    }

    /// The step's rows are through.
    mutating func end() {
        entries.removeLast(entries.count - written)
        entries.append(contentsOf: added)
        added.removeAll(keepingCapacity: true)
    }
}
