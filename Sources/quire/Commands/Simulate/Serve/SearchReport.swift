import KVCache
import Scheduling
import Simulation

/// The end of a search, and what was simulated on the way.
struct SearchReport {
    let outcome: ServiceSearch.Outcome
    let setup: ServiceSetup
    let stamp: ResultStamp
    let assumptions: [String]

    private var unit: String {
        switch outcome.quantity {
        case .rate: "requests/s"
        case .memory: "blocks"
        case .replicas: "machines"
        }
    }

    /// The answer in a sentence.
    var answer: String {
        guard let found = outcome.found else {
            return "Nothing that was tried keeps \(setup.target)."
        }
        switch outcome.quantity {
        case .rate:
            return "\(SimulateServeText.number(found)) requests/s is the most that keeps "
                + "\(setup.target)."
        case .memory:
            let bytes = Int(found) * setup.layout.pageBytes
            return "\(Sizes.grouped(Int(found))) blocks of \(setup.layout.blockSize) tokens "
                + "(\(Sizes.bytes(bytes)) of keys and values) are the fewest that keep "
                + "\(setup.target)."
        case .replicas:
            return "\(Int(found)) \(found == 1 ? "machine is" : "machines are") the fewest that "
                + "keep \(setup.target)."
        }
    }

    var lines: [String] {
        var table = TextTable([
            (unit.uppercased(), .right), ("TOKENS/S", .right), ("GOODPUT", .right),
            ("GOOD", .right), ("TTFT P50", .right), ("TTFT P99", .right), ("ITL P99", .right),
            ("BUSY", .right), ("", .left),
        ])
        for probe in outcome.probes {
            let summary = probe.summary
            var marks = probe.isMet ? ["kept"] : []
            if probe.value == outcome.found { marks.append("<- found") }
            if outcome.quantity == .rate, probe.value == outcome.knee?.value {
                marks.append("<- knee: most goodput")
            }
            table.append([
                SimulateServeText.number(probe.value),
                SimulateServeText.number(summary.outputRate),
                SimulateServeText.number(summary.goodput ?? 0),
                SimulateServeText.percent(summary.goodShare ?? 0),
                SimulateServeText.time(summary.times.firstToken[0.5]),
                SimulateServeText.time(summary.times.firstToken[0.99]),
                SimulateServeText.time(summary.times.interToken[0.99]),
                SimulateServeText.percent(summary.busyShare + summary.hostShare),
                marks.joined(separator: " "),
            ])
        }
        return [stamp.line, setup.costs.name, "", answer, ""] + table.lines
            + (assumptions.isEmpty ? [] : [""] + assumptions)
    }

    /// A line for each simulation.
    var csv: [String] {
        ["value,output_rate,goodput,good_share,ttft_p50,ttft_p99,itl_p99,busy,target_met"]
            + rows.map { row in
                // What there is none of stays empty.
                let numbers: [Double?] = [
                    row.value, row.output_rate, row.goodput, row.good_share, row.ttft_p50,
                    row.ttft_p99, row.itl_p99, row.busy,
                ]
                return numbers.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",")
                    + ",\(row.target_met)"
            }
    }

    /// A simulation for a program.
    struct Row: Encodable {
        let value: Double
        let output_rate: Double
        let goodput: Double
        let good_share: Double
        let ttft_p50: Double?
        let ttft_p99: Double?
        let itl_p99: Double?
        let busy: Double
        let target_met: Bool
    }

    /// All of it for a program.
    struct JSON: Encodable {
        let stamp: ResultStamp
        let find: String
        let unit: String
        let target: String
        let found: Double?
        let knee: Double?
        let rows: [Row]
    }

    private var rows: [Row] {
        outcome.probes.map { probe in
            let summary = probe.summary
            return Row(
                value: probe.value, output_rate: summary.outputRate,
                goodput: summary.goodput ?? 0, good_share: summary.goodShare ?? 0,
                ttft_p50: summary.times.firstToken[0.5], ttft_p99: summary.times.firstToken[0.99],
                itl_p99: summary.times.interToken[0.99],
                busy: summary.busyShare + summary.hostShare,
                target_met: probe.isMet)
        }
    }

    var json: JSON {
        JSON(
            stamp: stamp, find: outcome.quantity.rawValue, unit: unit,
            target: setup.target.description, found: outcome.found,
            knee: outcome.quantity == .rate ? outcome.knee?.value : nil, rows: rows)
    }
}
