/// What whoever runs scripts says of one, on one line: runs are made in other processes, because a
/// broken invariant ends the process that meets it.
package struct ChaosReply: Hashable, Sendable {
    /// What was found to be wrong.
    package var failure: ChaosFailure?
    /// The run's digest.
    package var digest: UInt64 = 0
    /// Turns that were made.
    package var turns = 0
    /// Steps that were executed.
    package var steps = 0
    /// The states that were reached.
    package var marks: Set<ChaosMark> = []

    /// A reply for a run's result.
    package init(_ result: ChaosResult) {
        failure = result.failure
        digest = result.digest
        turns = result.turns
        steps = result.steps
        marks = result.marks
    }

    /// What there is to say of a script that cannot be run.
    package init(unusable text: String) {
        failure = ChaosFailure(.script, text)
    }

    /// What is known of a run whose process ended.
    package init(died text: String) {
        failure = ChaosFailure(.trap, text)
    }

    /// The line.
    package var line: String {
        let bits = ChaosMark.allCases.map { marks.contains($0) ? "1" : "0" }.joined()
        let failed = failure.map { "\($0.checker.rawValue) \($0.text)" } ?? "none"
        let oneLine = failed.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "reply \(digest) \(turns) \(steps) \(bits) \(oneLine)"
    }

    /// The reply of a line; nil for any other line.
    package init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 6).map(String.init)
        guard words.count >= 6, words[0] == "reply", let digest = UInt64(words[1]),
            let turns = Int(words[2]), let steps = Int(words[3]),
            words[4].count == ChaosMark.allCases.count
        else { return nil }
        self.digest = digest
        self.turns = turns
        self.steps = steps
        for (mark, bit) in zip(ChaosMark.allCases, words[4]) where bit == "1" {
            marks.insert(mark)
        }
        guard words[5] != "none" else { return }
        guard let checker = ChaosFailure.Checker(rawValue: words[5]) else { return nil }
        failure = ChaosFailure(checker, words.count > 6 ? words[6] : "")
    }
}

/// What is to be run: a seed, perhaps with a planted bug, or a script.
package enum ChaosTask: Hashable, Sendable {
    /// The script of a seed.
    case seed(UInt64, plant: ChaosPlant?)
    /// A script.
    case script(ChaosScript)

    /// The script.
    package var script: ChaosScript {
        switch self {
        case .script(let script): return script
        case .seed(let seed, let plant):
            var script = ChaosScript(drawnFrom: seed)
            plant?.suit(&script)
            return script
        }
    }

    /// Lines that say it; the last one is a dot.
    package var lines: String {
        switch self {
        case .seed(let seed, let plant): "seed \(seed) \(plant?.rawValue ?? "")\n.\n"
        case .script(let script): ChaosText.text(of: script) + "\n.\n"
        }
    }

    /// The task of lines, without the dot.
    ///
    /// - Throws: `ChaosError` for what is neither.
    package init(lines: [String]) throws(ChaosError) {
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        if words.first == "seed", words.count >= 2, let seed = UInt64(words[1]) {
            let plant = words.count > 2 ? ChaosPlant(rawValue: words[2]) : nil
            self = .seed(seed, plant: plant)
        } else {
            self = .script(try ChaosText.script(lines.joined(separator: "\n")))
        }
    }

    /// Runs it here.
    package func run(log: ((String) -> Void)? = nil) -> ChaosReply {
        do {
            return ChaosReply(try ChaosRun(script, log: log).run())
        } catch {
            return ChaosReply(unusable: "\(error)")
        }
    }
}
