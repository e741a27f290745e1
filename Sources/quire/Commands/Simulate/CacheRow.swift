import Simulation

/// A row of `quire simulate cache`: a policy at a capacity.
struct CacheRow: Encodable {
    let policy: String
    let capacity: Int
    let model: String
    let lookups: Int
    let hits: Int
    let hit_rate: Double
    let hit_tokens: Int
    /// Whether no block is given up while one that continues it is there.
    let keeps_prefixes: Bool

    init(_ replay: CacheReplay, policy: ReplayPolicy, capacity: Int, model: ReplayModel) {
        self.policy = policy.name
        self.capacity = capacity
        self.model = model.rawValue
        lookups = replay.lookups
        hits = replay.hits
        hit_rate = replay.hitRate
        hit_tokens = replay.hitTokens
        keeps_prefixes = policy.keepsPrefixes(model)
    }

    /// Rows as CSV: a line of names, then a line a row.
    static func csv(_ rows: [CacheRow]) -> [String] {
        ["policy,capacity,model,lookups,hits,hit_rate,hit_tokens,keeps_prefixes"]
            + rows.map {
                "\($0.policy),\($0.capacity),\($0.model),\($0.lookups),\($0.hits),"
                    + "\($0.hit_rate),\($0.hit_tokens),\($0.keeps_prefixes)"
            }
    }

    /// Rows as a table for a person.
    static func table(_ rows: [CacheRow]) -> [String] {
        // The rule is worth a column where it tells rows apart.
        let hasRule = rows.contains(where: \.keeps_prefixes)
        var columns: [(title: String, alignment: TextTable.Alignment)] = [
            ("POLICY", .left), ("BLOCKS", .right), ("LOOKUPS", .right), ("HITS", .right),
            ("HIT RATE", .right), ("HIT TOKENS", .right),
        ]
        if hasRule { columns.append(("GIVES UP", .left)) }
        var table = TextTable(columns)
        for row in rows {
            var cells = [
                row.policy, row.capacity == 0 ? "no bound" : Sizes.grouped(row.capacity),
                Sizes.grouped(row.lookups), Sizes.grouped(row.hits),
                "\((row.hit_rate * 1000).rounded() / 10) %", Sizes.grouped(row.hit_tokens),
            ]
            if hasRule { cells.append(row.keeps_prefixes ? "ends of prompts" : "any block") }
            table.append(cells)
        }
        return table.lines
    }
}

/// What `quire simulate cache --format json` prints.
struct CacheResult: Encodable {
    let stamp: ResultStamp
    let source: String
    let rows: [CacheRow]
}
