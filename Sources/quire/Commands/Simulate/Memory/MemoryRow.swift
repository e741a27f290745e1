import Simulation

/// A row of `quire simulate memory`: a policy, over one or more sets of requests.
struct MemoryRow: Encodable {
    let policy: String
    let block_size: Int?
    let runs: Int
    /// Shares of the slots, averaged over the steps in which somebody waits, and over the runs.
    let tokens: Double
    let reserved: Double
    let `internal`: Double
    let rounding: Double
    let external: Double
    let mean_batch: Double
    let tokens_min: Double
    let tokens_max: Double
    let mean_batch_min: Double
    let mean_batch_max: Double
    let steps: Int
    let saturated_steps: Int
    let preemptions: Int
    let copies_per_token: Double
    /// The paper's numbers, for its lengths and memory.
    var paper_tokens: Double?
    var paper_mean_batch: Double?
    /// Sums over the saturated steps, of a single run.
    let slots: Sums?

    /// Slot-steps, and requests that ran.
    struct Sums: Encodable {
        let tokens: Int
        let reserved: Int
        let `internal`: Int
        let rounding: Int
        let external: Int
        let running: Int
    }

    /// - Parameter uses: one for each set of requests; at least one.
    init(_ policy: MemoryPolicy, _ uses: [MemoryUse]) {
        func mean(_ value: (MemoryUse) -> Double) -> Double {
            uses.reduce(0) { $0 + value($1) } / Double(uses.count)
        }
        let shares = uses.map { $0.share($0.tokens) }
        let batches = uses.map(\.meanBatch)
        self.policy = policy.name
        block_size = policy.blockSize
        runs = uses.count
        tokens = mean { $0.share($0.tokens) }
        reserved = mean { $0.share($0.reserved) }
        `internal` = mean { $0.share($0.internalWaste) }
        rounding = mean { $0.share($0.rounding) }
        external = mean { $0.share($0.external) }
        mean_batch = mean(\.meanBatch)
        tokens_min = shares.min() ?? 0
        tokens_max = shares.max() ?? 0
        mean_batch_min = batches.min() ?? 0
        mean_batch_max = batches.max() ?? 0
        steps = uses.reduce(0) { $0 + $1.steps }
        saturated_steps = uses.reduce(0) { $0 + $1.saturatedSteps }
        preemptions = uses.reduce(0) { $0 + $1.preemptions }
        copies_per_token = mean(\.copiesPerToken)
        slots =
            uses.count == 1
            ? Sums(
                tokens: uses[0].tokens, reserved: uses[0].reserved,
                internal: uses[0].internalWaste, rounding: uses[0].rounding,
                external: uses[0].external, running: uses[0].running) : nil
    }

    /// The policy with its block size.
    var label: String { block_size.map { "\(policy) \($0)" } ?? policy }

    /// Rows as CSV: a line of names, then a line a row.
    static func csv(_ rows: [MemoryRow]) -> [String] {
        [
            "policy,block_size,runs,tokens,reserved,internal,rounding,external,mean_batch,"
                + "tokens_min,tokens_max,mean_batch_min,mean_batch_max,steps,saturated_steps,"
                + "preemptions,copies_per_token"
        ]
            + rows.map {
                "\($0.policy),\($0.block_size.map(String.init) ?? ""),\($0.runs),\($0.tokens),"
                    + "\($0.reserved),\($0.internal),\($0.rounding),\($0.external),"
                    + "\($0.mean_batch),\($0.tokens_min),\($0.tokens_max),\($0.mean_batch_min),"
                    + "\($0.mean_batch_max),\($0.steps),\($0.saturated_steps),\($0.preemptions),"
                    + "\($0.copies_per_token)"
            }
    }
}

/// What sharing saves, as a row.
struct SharingRow: Encodable {
    let kind: String
    let sequences: Int
    let block_size: Int
    let unshared_blocks: Int
    let shared_blocks: Int
    let saved: Double

    init(_ kind: String, _ sequences: Int, blockSize: Int, _ savings: SharingSavings) {
        self.kind = kind
        self.sequences = sequences
        block_size = blockSize
        unshared_blocks = savings.unshared
        shared_blocks = savings.shared
        saved = savings.saved
    }

    /// Rows as CSV: a line of names, then a line a row; nothing without rows.
    static func csv(_ rows: [SharingRow]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ["kind,sequences,block_size,unshared_blocks,shared_blocks,saved"]
            + rows.map {
                "\($0.kind),\($0.sequences),\($0.block_size),\($0.unshared_blocks),"
                    + "\($0.shared_blocks),\($0.saved)"
            }
    }
}

/// What `quire simulate memory --format json` prints.
struct MemoryResult: Encodable {
    let stamp: ResultStamp
    let lengths: String
    let capacity: Int
    let max_length: Int
    let requests: Int
    /// Requests that were skipped or cut, since no sequence holds them.
    let overlong: Int
    let rows: [MemoryRow]
    /// The share of tokens under max, by the formula without simulation.
    let max_tokens_by_formula: Double
    let sharing: [SharingRow]
    let prefix: PrefixRow?

    /// The tables as CSV, an empty line between them.
    var csv: [String] {
        let tables = [MemoryRow.csv(rows), SharingRow.csv(sharing), prefix?.csv ?? []]
        return Array(tables.filter { !$0.isEmpty }.joined(separator: [""]))
    }
}

/// What a prefix that all requests share changes.
struct PrefixRow: Encodable {
    let prefix_tokens: Int
    let block_size: Int
    let mean_batch_apart: Double
    let mean_batch_shared: Double
    /// Slots saved, as a share of all slots.
    let saved: Double

    /// A line of names, and the row.
    var csv: [String] {
        [
            "prefix_tokens,block_size,mean_batch_apart,mean_batch_shared,saved",
            "\(prefix_tokens),\(block_size),\(mean_batch_apart),\(mean_batch_shared),\(saved)",
        ]
    }
}
