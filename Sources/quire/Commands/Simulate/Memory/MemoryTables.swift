import Reporting
import Simulation

/// The result of `quire simulate memory` for a person.
struct MemoryTables {
    private let result: MemoryResult
    private let isPaper: Bool

    init(_ result: MemoryResult, isPaper: Bool) {
        self.result = result
        self.isPaper = isPaper
    }

    /// The lines of a terminal.
    var lines: [String] {
        var lines = [heading, ""] + use.lines()
        for table in [sharing, prefix].compactMap({ $0 }) {
            lines += ["", table.title] + table.lines()
        }
        return lines + [""] + notes + [result.stamp.line]
    }

    /// What was simulated.
    var heading: String {
        let runs = result.rows.first?.runs ?? 1
        let others =
            result.overlong == 0
            ? ""
            : "; \(Sizes.grouped(result.overlong)) that no sequence holds (too long, or without an "
                + "answer) were left out or cut"
        return
            "\(Sizes.grouped(result.requests)) requests\(runs > 1 ? ", drawn \(runs) times" : "")"
            + " (\(result.lengths)), \(Sizes.grouped(result.capacity)) slots, sequences of up to "
            + "\(Sizes.grouped(result.max_length)) tokens\(others)."
    }

    /// What memory holds, by policy.
    var use: ReportTable {
        let hasSpread = result.rows.contains { $0.runs > 1 }
        let hasCopies = result.rows.contains { $0.copies_per_token > 0 }
        let columns: [ReportTable.Column] =
            [.text("policy"), .bar("tokens", of: 1)]
            + (hasSpread ? [.number("spread")] : [])
            + (isPaper ? [.number("paper")] : [])
            + [
                .number("reserved"), .number("internal"), .number("(rounding)"),
                .number("external"), .number("batch"),
            ]
            + (hasSpread ? [.number("spread")] : []) + (isPaper ? [.number("paper")] : [])
            + [.number("preempted")] + (hasCopies ? [.number("copies/token")] : [])
        return ReportTable(
            title: "What memory holds", columns: columns,
            rows: result.rows.map { row in
                [.init(row.label), .init(row.tokens, .percent)]
                    + (hasSpread ? [.init(Self.spread(row.tokens_min, row.tokens_max, 100))] : [])
                    + (isPaper ? [Self.cell(row.paper_tokens, .percent)] : [])
                    + [
                        .init(row.reserved, .percent), .init(row.internal, .percent),
                        .init(row.rounding, .percent), .init(row.external, .percent),
                        .init(Self.fixed(row.mean_batch), value: row.mean_batch),
                    ]
                    + (hasSpread
                        ? [.init(Self.spread(row.mean_batch_min, row.mean_batch_max, 1))] : [])
                    + (isPaper ? [Self.cell(row.paper_mean_batch)] : [])
                    + [.init(row.preemptions)]
                    + (hasCopies
                        ? [.init(Self.fixed(row.copies_per_token), value: row.copies_per_token)]
                        : [])
            })
    }

    /// What samples and beams save; nil where none were asked for.
    var sharing: ReportTable? {
        guard !result.sharing.isEmpty else { return nil }
        return ReportTable(
            title: "Blocks of \(result.sharing[0].block_size) that sharing saves",
            columns: [
                .text("kind"), .number("sequences"), .number("block-steps apart"),
                .number("shared"), .bar("saved", of: 1),
            ],
            rows: result.sharing.map {
                [
                    .init($0.kind), .init($0.sequences), .init($0.unshared_blocks),
                    .init($0.shared_blocks), .init($0.saved, .percent),
                ]
            })
    }

    /// What a shared prefix changes; nil where none was asked for.
    var prefix: ReportTable? {
        guard let row = result.prefix else { return nil }
        return ReportTable(
            title: "A prefix of \(Sizes.grouped(row.prefix_tokens)) tokens before every prompt",
            columns: [
                .number("batch, each its own"), .number("batch, held once"),
                .number("slots saved"),
            ],
            rows: [
                [
                    .init(Self.fixed(row.mean_batch_apart), value: row.mean_batch_apart),
                    .init(Self.fixed(row.mean_batch_shared), value: row.mean_batch_shared),
                    .init(row.saved, .percent),
                ]
            ])
    }

    /// What to make of the numbers.
    var notes: [String] {
        var notes: [String] = []
        if result.rows.contains(where: { $0.policy == "max" }) {
            let share = ValueFormat.percent.text(result.max_tokens_by_formula)
            notes.append("Without simulation, max holds tokens in \(share) of the slots.")
        }
        if result.rows.contains(where: { $0.rounding > 0 }) {
            notes.append(
                "(rounding) is the part of internal that the allocator's rounding takes; the "
                    + "paper's figure has it under external.")
        }
        if isPaper {
            notes.append(
                "The paper's lengths are not published: these are fitted to its percentages. "
                    + "Its own shares and batches come of 458, 430, 442 and 498 tokens a request "
                    + "under max, pow2, oracle and paged; here all policies have the same "
                    + "requests, with about 450, so that paged runs a few more of them and pow2 "
                    + "holds a little more.")
        }
        return notes
    }

    private static func cell(
        _ value: Double?, _ format: ValueFormat = .number
    ) -> ReportTable.Cell {
        value.map { .init($0, format) } ?? .missing
    }

    private static func fixed(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = hundredths % 100
        return "\(Sizes.grouped(hundredths / 100)).\(digits < 10 ? "0" : "")\(digits)"
    }

    private static func spread(_ low: Double, _ high: Double, _ factor: Double) -> String {
        func tenths(_ value: Double) -> String {
            let tenths = Int((value * factor * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)"
        }
        return tenths(low) + "\u{2013}" + tenths(high)
    }
}
