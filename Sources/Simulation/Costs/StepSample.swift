/// A step that was measured: what it had to compute and how long it took.
package struct StepSample: Hashable, Sendable {
    /// What it had to compute.
    package var work: StepWork

    /// Seconds from its start to its logits.
    package var seconds: Double

    /// Seconds from those to the start of the next step; nil: there was nothing to do in between.
    package var gap: Double?

    /// A sample.
    package init(work: StepWork, seconds: Double, gap: Double?) {
        self.work = work
        self.seconds = seconds
        self.gap = gap
    }
}

extension StepSample {
    /// What a file of samples begins with.
    package static let head = "tokens,decodes,outputs,decode_context,prefill_pairs,seconds,gap"

    /// A line of such a file.
    package var line: String {
        "\(work.tokens),\(work.decodes),\(work.outputs),\(work.decodeContext),"
            + "\(work.prefillPairs),\(seconds),\(gap.map { "\($0)" } ?? "")"
    }

    /// Reads a file of samples.
    ///
    /// - Throws: `ServiceError` with the line that is wrong.
    package static func read(_ text: String) throws(ServiceError) -> [StepSample] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == head else {
            throw ServiceError("line 1: a file of steps begins with \"\(head)\"")
        }
        var samples: [StepSample] = []
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let counts = fields.prefix(5).compactMap { Int($0) }
            guard fields.count == 7, counts.count == 5, let seconds = Double(fields[5]),
                seconds > 0, seconds.isFinite, counts.allSatisfy({ $0 >= 0 }),
                fields[6].isEmpty || Double(fields[6]).map({ $0 >= 0 && $0.isFinite }) == true
            else { throw ServiceError("line \(index + 1) is no step: five counts and two times") }
            var work = StepWork()
            work.tokens = counts[0]
            work.decodes = counts[1]
            work.outputs = counts[2]
            work.decodeContext = counts[3]
            work.prefillPairs = counts[4]
            samples.append(StepSample(work: work, seconds: seconds, gap: Double(fields[6])))
        }
        return samples
    }
}
