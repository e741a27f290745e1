/// The bookkeeping of the file tier: which record holds what, and what is being moved.
///
/// Every prefix that the file knows has a serial number that is stored with its records. It is
/// kept as long as a record of the prefix, or of one that continues it, is there: numbers are never
/// given twice, so that "the same parent number, the same tokens" is the same prefix in any later
/// process.
struct FileTier: Sendable {
    /// A prefix that the file knows.
    struct Node: Hashable, Sendable {
        let serial: UInt64
        /// Records of its own, and known prefixes that continue it.
        var uses: Int
    }

    var records: TierSlots
    private(set) var nodes: [PrefixNode: Node] = [:]
    private var lastSerial: UInt64 = 0

    /// What is being moved: the key of an operation, and what was taken for it.
    struct Move: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            /// The host slot is pinned and the record pending.
            case write
            /// The record is pending.
            case save
            /// The record is pinned and the host slot pending.
            case read
        }

        let kind: Kind
        let key: TierKey
    }

    /// Operations that have not ended.
    private(set) var moves = TicketTable<Move>()

    /// The keys of those that read.
    private var fetching: Set<TierKey> = []

    /// What the executor must be told to do.
    private var operations: [TierOperation] = []

    init(capacity: Int) {
        records = TierSlots(capacity: capacity)
    }

    var isBusy: Bool { !moves.isEmpty }

    /// Whether a record is being read for a key.
    func isFetching(_ key: TierKey) -> Bool { fetching.contains(key) }

    /// Begins an operation: it is among the next that are taken.
    mutating func begin(
        _ kind: TierOperation.Kind, of key: TierKey, number: Int, _ record: TierRecord
    ) {
        let move: Move.Kind =
            switch kind {
            case .write: .write
            case .save: .save
            case .read: .read
            }
        if move == .read { fetching.insert(key) }
        let ticket = moves.issue(Move(kind: move, key: key))
        operations.append(
            TierOperation(ticket: ticket, kind: kind, number: number, record: record))
    }

    /// Ends an operation. Traps if it ended before.
    mutating func end(_ ticket: TierTicket) -> Move {
        guard let move = moves.redeem(ticket) else {
            preconditionFailure("the end of an operation that is not under way")
        }
        if move.kind == .read { fetching.remove(move.key) }
        return move
    }

    /// Takes the operations that are to be begun.
    mutating func takeOperations() -> [TierOperation] {
        defer { operations = [] }
        return operations
    }

    /// The number of a prefix, if it is known.
    func serial(of node: PrefixNode) -> UInt64? { nodes[node]?.serial }

    /// Gives a prefix a number, or counts one more use of the one that it has.
    ///
    /// - Returns: whether it is new: then it must be held, and its parent gets a use too.
    mutating func use(_ node: PrefixNode) -> Bool {
        if nodes[node] != nil {
            nodes[node]?.uses += 1
            return false
        }
        lastSerial += 1
        nodes[node] = Node(serial: lastSerial, uses: 1)
        return true
    }

    /// Gives a prefix the number that it has in the file, and a use until its records are entered.
    mutating func restore(_ node: PrefixNode, serial: UInt64) {
        precondition(nodes[node] == nil, "a prefix has two numbers")
        lastSerial = max(lastSerial, serial)
        nodes[node] = Node(serial: serial, uses: 1)
    }

    /// Takes a use away.
    ///
    /// - Returns: whether it was the last: then the prefix is to be let go of, and its parent loses
    ///   a use too.
    mutating func drop(_ node: PrefixNode) -> Bool {
        guard let known = nodes[node], known.uses > 0 else {
            preconditionFailure("a prefix is used less than never")
        }
        nodes[node]?.uses -= 1
        guard known.uses == 1 else { return false }
        nodes[node] = nil
        return true
    }

    func checkInvariants() {
        records.checkInvariants()
        for node in nodes.values { precondition(node.uses > 0, "a number that nobody uses") }
        precondition(
            Set(nodes.values.map(\.serial)).count == nodes.count, "two prefixes with one number")
        let reads = moves.values.filter { $0.kind == .read }.map(\.key)
        precondition(
            reads.count == fetching.count && Set(reads) == fetching, "a read is not known by key")
        for key in records.entries.keys {
            precondition(nodes[key.node] != nil, "a record of an unknown prefix")
        }
    }
}
