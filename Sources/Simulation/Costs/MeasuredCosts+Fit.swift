extension MeasuredCosts {
    /// Steps that a fit needs at least.
    package static let fewestSamples = 32

    /// The costs that explain measured steps best.
    ///
    /// The sum of the errors, each relative to its step's time, is the least that it can be: short
    /// steps count as much as long ones, and a minute in which the machine was slower does not bend
    /// what it takes in the others, as squares of errors would let it. The curve has a point at
    /// every power of two of the tokens that were seen, and beyond the last goes on as before it.
    /// Steps that took more than three times what the rest of their size took are left out:
    /// something else had the processor.
    ///
    /// - Parameters:
    ///   - samples: measured steps.
    ///   - name: what was measured where.
    /// - Throws: `ServiceError` when there are too few.
    /// - Complexity: O(passes x samples x points squared).
    package init(fitting samples: [StepSample], name: String) throws(ServiceError) {
        let kept = Self.withoutOutliers(samples)
        guard kept.count >= Self.fewestSamples else {
            throw ServiceError(
                "\(kept.count) steps are too few to fit costs to; measure at least "
                    + "\(Self.fewestSamples)")
        }
        let knots = Self.knots(kept)
        let found = Self.leastErrors(kept) { work in
            [1.0] + Self.parts(work.tokens, knots)
                + [Double(work.outputs), Double(work.decodeContext), Double(work.prefillPairs)]
        }
        var curve = [Point(tokens: knots[0], seconds: found[0])]
        for index in 1..<knots.count {
            let rise = found[index] * Double(knots[index] - knots[index - 1])
            curve.append(Point(tokens: knots[index], seconds: curve[index - 1].seconds + rise))
        }
        self.init(name: name, curve: curve)
        output = found[knots.count]
        context = found[knots.count + 1]
        pair = found[knots.count + 2]
        fitHost(kept)
        self.fit = quality(kept)
    }

    /// The coefficients with the least sum of relative errors, by least squares whose weights are
    /// what turns a square into its root (iteratively reweighted, Lawson 1961).
    private static func leastErrors(
        _ samples: [StepSample], terms: (StepWork) -> [Double]
    ) -> [Double] {
        let rows = samples.map { terms($0.work) }
        var found: [Double] = []
        for _ in 0..<passes {
            var fit = NonNegativeFit(terms: rows[0].count)
            for (row, sample) in zip(rows, samples) {
                var weight = 1 / (sample.seconds * sample.seconds)
                if !found.isEmpty {
                    let predicted = zip(row, found).reduce(0) { $0 + $1.0 * $1.1 }
                    // Below this an error is none, and a weight would have no bound.
                    weight /= max(abs(predicted / sample.seconds - 1), 1e-3)
                }
                fit.add(row, sample.seconds, weight: weight)
            }
            found = fit.solve()
        }
        return found
    }

    private static let passes = 50

    /// The powers of two between the fewest and the most tokens, and these two.
    private static func knots(_ samples: [StepSample]) -> [Int] {
        let tokens = Set(samples.map(\.work.tokens)).sorted()
        var knots = [tokens[0]]
        var power = 1
        while power <= tokens[0] { power *= 2 }
        while let last = tokens.last, power < last {
            // A part of the curve in which nothing was seen has no slope of its own.
            if let before = knots.last, tokens.contains(where: { before < $0 && $0 <= power }) {
                knots.append(power)
            }
            power *= 2
        }
        if let last = tokens.last, let before = knots.last, last > before { knots.append(last) }
        return knots
    }

    /// How far a number of tokens goes into each part of the curve.
    private static func parts(_ tokens: Int, _ knots: [Int]) -> [Double] {
        (1..<knots.count).map { index in
            Double(max(0, min(tokens, knots[index]) - knots[index - 1]))
        }
    }

    private static func withoutOutliers(_ samples: [StepSample]) -> [StepSample] {
        var groups: [Int: [Double]] = [:]
        func group(_ work: StepWork) -> Int {
            work.tokens < 8 ? work.tokens : Int.bitWidth - work.tokens.leadingZeroBitCount + 8
        }
        for sample in samples { groups[group(sample.work), default: []].append(sample.seconds) }
        let medians = groups.mapValues { Percentiles($0)[0.5] ?? 0 }
        return samples.filter { $0.seconds <= 3 * (medians[group($0.work)] ?? 0) }
    }

    /// The host's time between steps, of those gaps that are no pauses.
    private mutating func fitHost(_ samples: [StepSample]) {
        let gaps = samples.compactMap { sample in sample.gap.map { (sample.work.outputs, $0) } }
        guard let median = Percentiles(gaps.map(\.1))[0.5] else { return }
        var fit = NonNegativeFit(terms: 2)
        for (outputs, gap) in gaps where gap <= 5 * median {
            fit.add([1, Double(outputs)], gap, weight: 1)
        }
        let found = fit.solve()
        host = found[0]
        hostOutput = found[1]
    }

    private func quality(_ samples: [StepSample]) -> Fit {
        let errors = samples.map { abs(seconds($0.work) - $0.seconds) / $0.seconds }
        let measured = samples.reduce(0) { $0 + $1.seconds }
        let predicted = samples.reduce(0) { $0 + seconds($1.work) }
        return Fit(
            steps: samples.count, medianError: Percentiles(errors)[0.5] ?? 0,
            totalError: abs(predicted - measured) / measured)
    }
}
