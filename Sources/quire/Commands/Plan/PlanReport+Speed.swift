import KVCache
import Planning

extension PlanReport {
    /// Bounds of speed.
    var speeds: [String] {
        guard let speed = plan.speed else { return [] }
        var table = TextTable([
            ("SPEED AT MOST", .left), ("TOKENS/S", .right), ("EACH", .right), ("STEP ms", .right),
            ("OPERATIONS/BYTE", .right), ("BOUND BY", .left),
        ])
        for point in speed.decodes {
            let name = "decode \(Sizes.grouped(point.tokens)) of \(Sizes.grouped(speed.context))"
            table.append(row(name, point, each: point.tokensPerSecond / Double(point.tokens)))
        }
        table.append(
            row("prefill \(Sizes.grouped(speed.prefill.tokens))", speed.prefill, each: nil))
        let ridge = Numbers.decimal(speed.ridge, 0)
        let turning =
            speed.turningBatch.map {
                "Decoding is bound by compute from \(Sizes.grouped($0)) sequences of "
                    + "\(Sizes.grouped(speed.context)) tokens on."
            }
            ?? "Decoding is bound by memory however many sequences there are: reading their own "
            + "keys and values takes longer than computing with them."
        return table.lines + ["The ridge is at \(ridge) operations a byte. \(turning)"]
    }

    private func row(_ name: String, _ point: Roofline.Point, each: Double?) -> [String] {
        [
            name, Numbers.decimal(point.tokensPerSecond, 1),
            each.map { Numbers.decimal($0, 1) } ?? "",
            Numbers.decimal(point.seconds * 1e3, 2), Numbers.decimal(point.intensity, 1),
            point.bound.rawValue,
        ]
    }

    /// Moving a sequence against computing it again.
    var swapping: [String] {
        guard let swap = plan.swap else { return [] }
        let swaps = swap.swapSeconds < swap.recomputeSeconds
        var lines = [
            "A sequence of \(Sizes.grouped(swap.tokens)) tokens is moved to the host and back in "
                + "\(Numbers.decimal(swap.swapSeconds * 1e3, 2)) ms, and computed again in "
                + "\(Numbers.decimal(swap.recomputeSeconds * 1e3, 2)) ms at least: "
                + "\(swaps ? "moving" : "computing") is quicker. They are equal at a link of "
                + "\(Numbers.decimal(swap.breakEvenLink / 1e9, 2)) GB/s."
        ]
        if swap.stretches.count > 1 {
            let runs = swap.stretches.map {
                "\(Sizes.grouped($0.tokens.lowerBound)) to \(Sizes.grouped($0.tokens.upperBound)) "
                    + ($0.swaps ? "moved" : "computed")
            }
            lines.append("Quicker by length in tokens: \(runs.joined(separator: ", ")).")
        }
        return lines
    }

    /// What it costs.
    var prices: [String] {
        guard let cost = plan.cost else { return [] }
        var line = "Cost: \(Numbers.decimal(cost.perDay, 2)) a day"
        if let million = cost.perMillionTokens, let rate = cost.tokensPerSecond {
            line +=
                "; \(cost.isMeasured ? "" : "at least ")\(Numbers.decimal(million, 4)) a million "
                + "tokens at \(Numbers.decimal(rate, 1)) tokens a second"
                + (cost.isMeasured ? "" : ", the bound of decoding")
        }
        return [line + "."]
    }
}
