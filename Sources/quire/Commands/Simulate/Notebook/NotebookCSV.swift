import Simulation

extension NotebookResult {
    /// The result as CSV: a line of names, then a line a row.
    var csv: [String] {
        switch self {
        case .traditional(let statistics): return Self.csv([statistics], by: nil)
        case .paged(let statistics), .simulator(_, let statistics):
            return Self.csv([statistics], by: nil)
        case .comparison(let counts, let traditional, let paged):
            let rows = zip(counts, zip(traditional, paged)).map { count, pair in
                "\(count),\(pair.0.efficiency),\(pair.1.efficiency),\(pair.0.wastedMemory),"
                    + "\(pair.1.wastedCapacity),\(pair.0.activeSequences),"
                    + "\(pair.1.activeSequences)"
            }
            return [
                "num_sequences,traditional_efficiency,paged_efficiency,traditional_wasted,"
                    + "paged_wasted,traditional_active,paged_active"
            ] + rows
        case .pageSizes(let sizes, let statistics):
            return Self.csv(statistics, by: ("page_size", sizes))
        case .concurrent(let memories, let pairs):
            return ["max_memory,traditional,paged"]
                + zip(memories, pairs).map { "\($0),\($1.traditional),\($1.paged)" }
        case .plots(let results):
            // A table after another, an empty line between them.
            return Array(results.map(\.csv).joined(separator: [""]))
        }
    }

    private static func csv(
        _ rows: [TraditionalStatistics], by key: (name: String, values: [Int])?
    ) -> [String] {
        ["total_allocated,wasted_memory,efficiency,active_sequences"]
            + rows.map {
                "\($0.totalAllocated),\($0.wastedMemory),\($0.efficiency),\($0.activeSequences)"
            }
    }

    private static func csv(
        _ rows: [PagedStatistics], by key: (name: String, values: [Int])?
    ) -> [String] {
        let failures = rows.contains { $0.failedSequences != nil }
        let names =
            (key.map { $0.name + "," } ?? "")
            + "total_capacity,used_capacity,wasted_capacity,efficiency,active_sequences,"
            + "free_pages,total_pages" + (failures ? ",failed_sequences" : "")
        return [names]
            + rows.enumerated().map { index, row in
                (key.map { "\($0.values[index])," } ?? "")
                    + "\(row.totalCapacity),\(row.usedCapacity),\(row.wastedCapacity),"
                    + "\(row.efficiency),\(row.activeSequences),\(row.freePages),"
                    + "\(row.totalPages)" + (row.failedSequences.map { ",\($0)" } ?? "")
            }
    }
}
