import KVCache

/// The file tier of a chaos run: each operation takes some time, may fail, and may end before one
/// that began earlier.
struct ChaosFileTier {
    /// An operation that has begun.
    struct Work {
        let operation: TierOperation
        let due: Duration
        /// Whether its bytes move when it begins or when it ends: both are legal.
        let movesFirst: Bool
        let succeeds: Bool
        /// What a read found when it moved first; nil: nothing yet, or nothing there.
        var page: [ChaosArena.Slot]?
    }

    /// What is in the file, as after the last operation that ended.
    var records: [Int: (record: TierRecord, page: [ChaosArena.Slot])] = [:]
    /// How many of the next operations fail.
    var failures = 0
    /// How many of the next reads fail.
    var readFailures = 0
    /// A bug that is planted in it.
    var plant: FilePlant?
    private(set) var works: [Work] = []
    private(set) var failed = 0

    private let longest: Int
    private let reorders: Bool
    private var dice: ChaosDice

    init(_ configuration: ChaosConfiguration) {
        longest = configuration.tierMicros
        reorders = configuration.tierReorders != 0
        dice = ChaosDice(seed: UInt64(bitPattern: Int64(configuration.whims)) &+ 77)
    }

    /// The host slots that operations under way use, and whether they write to them.
    func usage(of slot: Int) -> (isUsed: Bool, isWritten: Bool) {
        var isUsed = false
        for work in works {
            switch work.operation.kind {
            case .write(let used): isUsed = isUsed || used == slot
            case .read(let used) where used == slot: return (true, true)
            case .read, .save: break
            }
        }
        return (isUsed, false)
    }

    mutating func begin(_ operation: TierOperation, now: Duration, _ arena: ChaosArena) {
        let succeeds = !fails(operation)
        var due = now + .microseconds(longest > 0 ? dice.roll(0...longest) : 0)
        if !reorders, let last = works.last { due = max(due, last.due) }
        var work = Work(
            operation: operation, due: due, movesFirst: dice.chance(50), succeeds: succeeds)
        if work.movesFirst {
            switch operation.kind {
            case .write(let slot): work.page = arena[host: slot]
            case .save(let block): work.page = arena[block]
            case .read: work.page = read(operation)
            }
        }
        works.append(work)
    }

    private mutating func fails(_ operation: TierOperation) -> Bool {
        if failures > 0 {
            failures -= 1
            return true
        }
        guard case .read = operation.kind, readFailures > 0 else { return false }
        readFailures -= 1
        return true
    }

    /// The time at which the next operation ends; nil when none is under way.
    var nextEnd: Duration? { works.map(\.due).min() }

    /// Ends what is due.
    mutating func end(now: Duration, _ arena: inout ChaosArena) -> [TierCompletion] {
        var completions: [TierCompletion] = []
        while let place = works.indices.filter({ works[$0].due <= now }).min(by: {
            works[$0].due < works[$1].due
        }) {
            completions.append(finish(works.remove(at: place), &arena))
        }
        return completions
    }

    private mutating func finish(_ work: Work, _ arena: inout ChaosArena) -> TierCompletion {
        let operation = work.operation
        var succeeds = work.succeeds
        switch operation.kind {
        case .write(let slot):
            let page = work.page ?? arena[host: slot]
            if plant?.losesWrites == true {
                records[operation.number] = (operation.record, arena.garbage(&dice))
            } else {
                records[operation.number] = succeeds ? (operation.record, page) : nil
            }
        case .save(let block):
            let page = work.page ?? arena[block]
            records[operation.number] = succeeds ? (operation.record, page) : nil
        case .read(let slot):
            let page = work.movesFirst ? work.page : read(operation)
            succeeds = succeeds && page != nil
            arena[host: slot] = succeeds ? page ?? [] : arena.garbage(&dice)
        }
        if !succeeds { failed += 1 }
        return TierCompletion(operation, succeeded: succeeds)
    }

    /// The page of a record that is what was asked for.
    private func read(_ operation: TierOperation) -> [ChaosArena.Slot]? {
        if plant?.mixesRecords == true {
            let other = records.keys.sorted().first { $0 != operation.number }
            return other.flatMap { records[$0]?.page }
        }
        guard let found = records[operation.number], found.record == operation.record else {
            return nil
        }
        return found.page
    }
}
