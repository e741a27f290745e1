import Reporting
import Simulation

extension NotebookResult {
    /// The result as tables, for a terminal, a page or a program.
    var tables: [ReportTable] {
        switch self {
        case .traditional(let statistics):
            return [Self.table([statistics], by: nil)]
        case .paged(let statistics):
            return [Self.table([statistics], by: nil)]
        case .comparison(let counts, let traditional, let paged):
            return [
                Self.table(traditional, by: ("num_sequences", counts)),
                Self.table(paged, by: ("num_sequences", counts)),
            ]
        case .pageSizes(let sizes, let statistics):
            return [Self.table(statistics, by: ("page_size", sizes))]
        case .concurrent(let memories, let pairs):
            return [
                ReportTable(
                    title: "Sequences at once",
                    columns: [.number("max_memory"), .number("traditional"), .number("paged")],
                    rows: zip(memories, pairs).map { memory, pair in
                        [.init(memory), .init(pair.traditional), .init(pair.paged)]
                    })
            ]
        case .simulator(let lines, let statistics):
            let calls = ReportTable(
                title: "Calls", columns: ["call", "returned"],
                rows: lines.map { [.init($0.line), .init($0.returned ? "True" : "False")] })
            return (lines.isEmpty ? [] : [calls]) + [Self.table([statistics], by: nil)]
        case .plots(let results): return results.flatMap(\.tables)
        }
    }

    private static func table(
        _ rows: [TraditionalStatistics], by key: (name: String, values: [Int])?
    ) -> ReportTable {
        ReportTable(
            title: "Traditional: the longest length reserved",
            columns: (key.map { [.number($0.name)] } ?? []) + [
                .number("total_allocated"), .number("wasted_memory"),
                .bar("efficiency", of: 1), .number("active_sequences"),
            ],
            rows: rows.enumerated().map { index, row in
                (key.map { [.init($0.values[index])] } ?? []) + [
                    .init(row.totalAllocated), .init(row.wastedMemory), efficiency(row.efficiency),
                    .init(row.activeSequences),
                ]
            })
    }

    private static func table(
        _ rows: [PagedStatistics], by key: (name: String, values: [Int])?
    ) -> ReportTable {
        let failures = rows.contains { $0.failedSequences != nil }
        return ReportTable(
            title: "Paged",
            columns: (key.map { [.number($0.name)] } ?? []) + [
                .number("total_capacity"), .number("used_capacity"), .number("wasted_capacity"),
                .bar("efficiency", of: 1), .number("active_sequences"), .number("free_pages"),
                .number("total_pages"),
            ] + (failures ? [.number("failed_sequences")] : []),
            rows: rows.enumerated().map { index, row in
                (key.map { [.init($0.values[index])] } ?? []) + [
                    .init(row.totalCapacity), .init(row.usedCapacity), .init(row.wastedCapacity),
                    efficiency(row.efficiency), .init(row.activeSequences), .init(row.freePages),
                    .init(row.totalPages),
                ] + (failures ? [.init(row.failedSequences ?? 0)] : [])
            })
    }

    private static func efficiency(_ value: Double) -> ReportTable.Cell {
        let digits = String(Int((value * 1_000_000).rounded()))
        let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        return .init(padded.dropLast(6) + "." + padded.suffix(6), value: value)
    }

    /// What the notebook has wrong, or what corrected mode did about it.
    func notes(_ mode: NotebookMode) -> [String] {
        let units =
            "Counts are elements of one vector a token; bytes of a real cache are 2 (keys and "
            + "values) x layers x bytes of an element as many."
        switch (self, mode) {
        case (.traditional, .legacy):
            return [
                "Totals are of the whole run: what ended sequences gave back is still in them "
                    + "(--mode corrected: what is held).", units,
            ]
        case (.paged, .legacy), (.pageSizes, .legacy), (.simulator, .legacy):
            return [
                "used_capacity and wasted_capacity count what was taken since the start, never "
                    + "what was given back, and may exceed the pool; an id that is allocated again "
                    + "leaks its pages; sequences that find no pages are dropped in silence "
                    + "(--mode corrected mends all three).", units,
            ]
        case (.comparison, .legacy):
            return [
                "The two caches see different sequences: one asks whether a sequence ends once a "
                    + "second one has come, the other once any is there. Totals are of the whole "
                    + "run (--mode corrected: the same sequences, and what is held).", units,
            ]
        case (.concurrent, .legacy):
            return [
                "The gain of 1.67 is what was put in: every sequence is taken to be 0.6 of the "
                    + "longest, while the lengths that the other functions draw are about half of "
                    + "it (--mode corrected counts with those).", units,
            ]
        case (.concurrent, .corrected):
            return ["Lengths are those that the other functions draw, each as likely.", units]
        case (_, .corrected):
            return [
                "What is held at the end of the run; both caches and all page sizes see the same "
                    + "sequences; those that found no pages are failed_sequences.", units,
            ]
        case (.plots(let results), .legacy):
            return results.flatMap { $0.notes(mode).dropLast() } + [units]
        }
    }
}
