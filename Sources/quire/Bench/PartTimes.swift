import Scheduling
import Tensors

/// Where the time of some steps went, part by part.
struct PartTimes {
    typealias Part = StepProfile.Part

    /// How many steps they were.
    private(set) var steps = 0
    /// Microseconds of each part in all of them.
    private(set) var microseconds = [Double](repeating: 0, count: Part.allCases.count)

    init() {}

    /// What a profile has been charged since it was reset.
    init(_ profile: StepProfile) {
        steps = profile.steps
        microseconds = Part.allCases.map { profile.microseconds($0) }
    }

    /// Seconds of the products with the layers' matrices, without what prepares their inputs.
    var linearSeconds: Double {
        [Part.queryKeyValue, .attentionOutput, .gateAndUp, .down]
            .reduce(0) { $0 + microseconds[$1.rawValue] } / 1e6
    }

    /// Microseconds of a part in one of `count` steps.
    func microseconds(_ part: Part, by count: Int) -> Double {
        microseconds[part.rawValue] / Double(max(1, count))
    }

    /// The field of a row for a part of a phase.
    static func field(_ phase: String, _ part: Part) -> String { "\(phase)_\(part)_us" }

    /// A table for a person of the fields that `GenerationBench.addParts` has put into a row.
    static func table(_ row: BenchRow) -> [String] {
        func time(_ phase: String, _ part: Part) -> Double {
            row[field(phase, part)]?.number ?? 0
        }
        func sum(_ phase: String) -> Double {
            Part.allCases.reduce(0) { $0 + time(phase, $1) }
        }
        let phases = ["prefill", "decode"]
        let sums = phases.map(sum)
        var table = TextTable([
            ("PART", .left), ("PROMPT us", .right), ("%", .right), ("STEP us", .right),
            ("%", .right),
        ])
        func add(_ name: String, _ times: [Double]) {
            var cells = [name]
            for (time, all) in zip(times, sums) {
                cells.append(BenchValue.number(time).short)
                cells.append(BenchValue(all > 0 ? 100 * time / all : nil).short)
            }
            table.append(cells)
        }
        for part in Part.allCases {
            let times = phases.map { time($0, part) }
            if times.contains(where: { $0 > 0 }) { add("\(part)", times) }
        }
        add("all", sums)
        return table.lines
    }
}

extension GenerationBench {
    /// Adds where the time went: of the prompts of a repetition, and of one of its decode steps;
    /// medians over the repetitions.
    func addParts(_ result: Result, to row: inout BenchRow) {
        for part in PartTimes.Part.allCases {
            let prefill = result.passes.map { $0.prefillParts.microseconds(part, by: 1) }
            let decode = result.passes.map {
                $0.stepParts.microseconds(part, by: $0.stepParts.steps)
            }
            if options.context == nil {
                row[PartTimes.field("prefill", part)] = BenchValue(Samples(prefill).median)
            }
            row[PartTimes.field("decode", part)] = BenchValue(Samples(decode).median)
        }
    }
}
