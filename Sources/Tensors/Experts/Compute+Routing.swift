internal import CKernels

extension Compute {
    /// Chooses the experts of the first `tokens` rows of a router's logits, [tokens, experts], and
    /// sorts the tokens by them.
    ///
    /// Of equal scores the first expert's counts. Neither the other rows nor the threads change a
    /// token's choice or weights.
    package func route(
        _ logits: FloatMatrix, tokens: Int, by rule: RouterRule, into routing: ExpertRouting
    ) {
        rule.check()
        check(logits, 0..<tokens, 0, rule.experts)
        precondition(tokens <= routing.tokens && rule.chosen == routing.chosen)
        unsafe rule.bias.withUnsafeBufferPointer { bias in
            unsafe eachRow(
                0..<tokens, cost: (8 + rule.chosen) * rule.experts,
                RouteRows(
                    table: table, logits: logits.all, rule: rule, routing: routing,
                    bias: rule.bias.isEmpty ? nil : bias.baseAddress, scratch: scratch.rows))
        }
        routing.sort(tokens, experts: rule.experts)
    }
}

/// Chooses a token's experts.
@safe
private struct RouteRows: RowWork {
    let table: KernelTable
    let logits: FloatRows
    let rule: RouterRule
    let routing: ExpertRouting
    let bias: UnsafePointer<Float>?
    /// A row of each thread, of two numbers an expert.
    let scratch: FloatRows

    func run(row: Int, worker: Int) {
        let n = rule.experts
        let x = unsafe UnsafePointer(logits.pointer(row))
        let (scores, rivals) = unsafe (scratch.pointer(worker), scratch.pointer(worker, n))
        unsafe score(x, scores)
        for i in 0..<n { unsafe rivals[i] = scores[i] + (bias?[i] ?? 0) }
        if rule.chosenGroups < rule.groups { unsafe hideGroups(rivals) }
        let (choice, weights) = unsafe (routing.choice(row), routing.weights.pointer(row))
        for rank in 0..<rule.chosen {
            let best = unsafe table.c.pointee.argmax(rivals, n)
            unsafe choice[rank] = Int32(best)
            unsafe weights[rank] = scores[best]
            unsafe rivals[best] = -.infinity
        }
        if rule.scores == .softmaxOfChosen { unsafe softmax(weights, weights, rule.chosen) }
        unsafe finish(weights)
        if rule.expertScales.isEmpty { return }
        for rank in 0..<rule.chosen {
            unsafe weights[rank] *= rule.expertScales[Int(choice[rank])]
        }
    }

    @unsafe
    private func score(_ x: UnsafePointer<Float>, _ scores: UnsafeMutablePointer<Float>) {
        let n = rule.experts
        switch rule.scores {
        case .softmax: unsafe softmax(x, scores, n)
        case .softmaxOfChosen: unsafe scores.update(from: x, count: n)
        case .sigmoid:
            for i in 0..<n { unsafe scores[i] = -x[i] }
            unsafe table.c.pointee.exp(scores, scores, n)
            for i in 0..<n { unsafe scores[i] = 1 / (1 + scores[i]) }
        }
    }

    /// exp(x - largest) over their sum, added up in double, in order.
    @unsafe
    private func softmax(
        _ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ n: Int
    ) {
        let largest = unsafe table.c.pointee.max(x, n)
        for i in 0..<n { unsafe out[i] = x[i] - largest }
        unsafe table.c.pointee.exp(out, out, n)
        var sum = 0.0
        for i in 0..<n { unsafe sum += Double(out[i]) }
        for i in 0..<n { unsafe out[i] = Float(Double(out[i]) / sum) }
    }

    /// Leaves the best groups in the race.
    @unsafe
    private func hideGroups(_ rivals: UnsafeMutablePointer<Float>) {
        let size = rule.experts / rule.groups
        // Behind the rivals: what each group has.
        let groups = unsafe rivals + rule.experts
        for group in 0..<rule.groups {
            let members = unsafe rivals + group * size
            let best = unsafe table.c.pointee.argmax(members, size)
            let largest = unsafe members[best]
            unsafe groups[group] = largest
            guard rule.groupScore == .twoLargest, size > 1 else { continue }
            unsafe members[best] = -.infinity
            unsafe groups[group] = largest + table.c.pointee.max(members, size)
            unsafe members[best] = largest
        }
        for _ in 0..<rule.chosenGroups {
            let best = unsafe table.c.pointee.argmax(groups, rule.groups)
            unsafe groups[best] = .nan
        }
        for group in 0..<rule.groups where unsafe !groups[group].isNaN {
            for i in group * size..<(group + 1) * size { unsafe rivals[i] = -.infinity }
        }
    }

    @unsafe
    private func finish(_ weights: UnsafeMutablePointer<Float>) {
        if rule.normalises {
            var sum = 0.0
            for rank in 0..<rule.chosen { unsafe sum += Double(weights[rank]) }
            // Sigmoids may all be 0.
            sum = max(sum, TensorLimits.leastWeights)
            for rank in 0..<rule.chosen {
                unsafe weights[rank] = Float(Double(weights[rank]) / sum)
            }
        }
        for rank in 0..<rule.chosen { unsafe weights[rank] *= rule.scale }
    }
}
