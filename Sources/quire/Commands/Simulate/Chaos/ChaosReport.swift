import Simulation

/// What `quire simulate chaos` found.
struct ChaosReport: Encodable {
    /// A state and how many seeds have reached it.
    struct Mark: Encodable {
        let name: String
        let seeds: Int
    }

    /// A planted bug.
    struct Plant: Encodable {
        let name: String
        let seeds: Int
        let checker: String?
        let found: String?
    }

    /// A failing seed.
    struct Failure: Encodable {
        let seed: UInt64
        let checker: String
        let text: String
        let events: Int
    }

    let first: UInt64
    let seeds: Int
    let turns: Int
    let steps: Int
    let seconds: Double
    let marks: [Mark]
    let plants: [Plant]
    let failures: [Failure]

    init(
        _ summary: ChaosHunt.Summary, first: UInt64, planted: [ChaosHunt.Planted], seconds: Double
    ) {
        self.first = first
        seeds = summary.seeds
        turns = summary.turns
        steps = summary.steps
        self.seconds = seconds
        marks = ChaosMark.allCases.map {
            Mark(name: $0.rawValue, seeds: summary.marks[$0] ?? 0)
        }
        plants = planted.map {
            Plant(
                name: $0.plant.rawValue, seeds: $0.seeds,
                checker: $0.failure?.checker.rawValue, found: $0.failure?.text)
        }
        failures = summary.catches.map {
            Failure(
                seed: $0.seed, checker: $0.failure.checker.rawValue, text: $0.failure.text,
                events: $0.script.events.count)
        }
    }

    /// States that no seed has reached.
    private var missing: [String] {
        seeds < ChaosLimits.completeSeeds ? [] : marks.filter { $0.seeds == 0 }.map(\.name)
    }

    /// Planted bugs that were not found.
    private var unfound: [String] { plants.filter { $0.checker == nil }.map(\.name) }

    /// Whether nothing is wrong.
    var isClean: Bool { failures.isEmpty && missing.isEmpty && unfound.isEmpty }

    /// For a person.
    var lines: [String] {
        var table = TextTable([("state", .left), ("seeds", .right)])
        for mark in marks { table.append([mark.name, String(mark.seeds)]) }
        var lines = table.lines
        if !plants.isEmpty {
            var table = TextTable([
                ("planted bug", .left), ("seeds", .right), ("found by", .left), ("as", .left),
            ])
            for plant in plants {
                table.append([
                    plant.name, String(plant.seeds), plant.checker ?? "nobody", plant.found ?? "",
                ])
            }
            lines += [""] + table.lines
        }
        let time = (seconds * 10).rounded() / 10
        lines += [
            "",
            "\(seeds) seeds from \(first), each in two processes: \(turns) turns, \(steps) steps, "
                + "\(time) s",
        ]
        if !failures.isEmpty { lines.append("\(failures.count) seeds failed") }
        if !missing.isEmpty { lines.append("no seed reached: " + missing.joined(separator: ", ")) }
        if !unfound.isEmpty { lines.append("nobody found: " + unfound.joined(separator: ", ")) }
        if isClean { lines.append("nothing wrong") }
        return lines
    }
}
