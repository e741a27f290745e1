import KVCache

extension PlanRequest {
    /// Refuses numbers that contradict each other.
    func check() throws(PlanningError) {
        func require(_ value: Int, _ name: String, _ range: ClosedRange<Int>) throws(PlanningError)
        {
            guard range.contains(value) else {
                throw PlanningError(
                    "\(name) is \(value); it must be from \(range.lowerBound) to "
                        + "\(range.upperBound)")
            }
        }
        try require(context, "the context", 1...PlanningLimits.context)
        try require(blockSize, "the block size", 1...KVCacheLimits.maxBlockSize)
        try require(stepTokens, "the step's tokens", 1...PlanningLimits.stepTokens)
        try require(stepOutputs, "the step's outputs", 1...PlanningLimits.stepTokens)
        try require(devices, "the number of devices", 1...PlanningLimits.devices)
        try require(reserveBytes, "the reserve in bytes", 0...PlanningLimits.memoryBytes)
        if let device {
            try require(
                device.memoryBytes, "the memory in bytes",
                1...PlanningLimits.memoryBytes / PlanningLimits.devices)
            guard roomBytes != nil || reserveBytes < devices * device.memoryBytes else {
                throw PlanningError(
                    "the reserve of \(Numbers.both(reserveBytes)) leaves nothing of "
                        + "\(Numbers.both(devices * device.memoryBytes)); lower it")
            }
        }
        try checkSizes()
    }

    /// Refuses sizes whose sums could not be written down: before they are, in floating point.
    private func checkSizes() throws(PlanningError) {
        let keyValues = shape.kvGeometry.layers.reduce(0.0) {
            $0 + Double($1.vectors) * Double($1.kvHeads) * (Double($1.headDim) + 8)
        }
        let live = shape.layers.reduce(0.0) { most, layer in
            guard case .experts(let experts) = layer.feedForward else { return most }
            return max(most, Double(experts.used) * Double(experts.width) * 4)
        }
        guard keyValues * 4 * Double(max(context, blockSize)) < Double(PlanningLimits.memoryBytes),
            live * Double(stepTokens) < Double(PlanningLimits.memoryBytes)
        else {
            throw PlanningError(
                "these dimensions take more bytes than any machine has; look for a number that is "
                    + "too large")
        }
    }

    /// What is left beside `beside` bytes, and what that holds; empty without a machine.
    func fits(beside: Int) throws -> (Fit?, [Fit]) {
        guard let device else { return (nil, []) }
        let room = roomBytes ?? devices * device.memoryBytes - reserveBytes - beside
        var question = FitQuestion(
            shape: shape, dtype: dtype, blockSize: blockSize, context: context,
            chunk: stepTokens, lengths: lengths ?? .fixed(context))
        let fit = try question.fit(roomBytes: room)
        let byTokens = try [1, 2, 4, 8].filter { context / $0 >= 1 }.map { part in
            question.lengths = .fixed(context / part)
            return try question.fit(roomBytes: room)
        }
        return (fit, byTokens)
    }

    /// The roofline of one device; nil with a note where there is none.
    func roofline(beside: Int, fit: Fit?, _ notes: inout [String]) -> Roofline? {
        guard let device, let fit else { return nil }
        guard let bandwidth = device.bandwidth, let operations = device.operations else {
            notes.append(
                "no bounds of speed: give --bandwidth and --flops"
                    + (roomBytes == nil
                        ? ", or a --device that is known" : ", which quire bench limits measures"))
            return nil
        }
        guard let weights, hasAllDimensions else {
            notes.append(
                "no bounds of speed: they need every dimension (--hidden, --ffn and --vocab)")
            return nil
        }
        guard roomBytes != nil || beside <= device.memoryBytes - reserveBytes || devices > 1 else {
            notes.append(
                "no bounds of speed: the model does not fit one device, and one copy across "
                    + "several takes tensor parallelism, which Quire does not have yet")
            return nil
        }
        guard fit.paged > 0 else {
            notes.append("no bounds of speed: not one sequence fits beside the model")
            return nil
        }
        guard devices == 1 else {
            notes.append(
                "no bounds of speed for \(devices) devices: one copy of the model across them "
                    + "takes tensor parallelism, which Quire does not have yet. Plan one device "
                    + "for the bounds of a copy on each")
            return nil
        }
        return Roofline(
            shape: shape, dtype: dtype, weightBytes: weights.bytesPerParameter,
            bandwidth: bandwidth, operations: operations)
    }

    /// Bounds of speed; of decodes, with as many tokens as a running sequence holds.
    func speed(_ roofline: Roofline, fit: Fit) -> ServingPlan.Speed {
        let resident = max(1, Int((lengths ?? .fixed(context)).meanTokens.rounded()))
        let most = min(fit.paged, PlanningLimits.batch)
        return ServingPlan.Speed(
            ridge: roofline.ridge, context: resident,
            prefill: roofline.prefill(tokens: context),
            decodes: (most == 1 ? [1] : [1, most]).map {
                roofline.decode(batch: $0, context: resident)
            },
            turningBatch: roofline.turningBatch(context: resident))
    }

    /// Moving a sequence against computing it again.
    func swap(_ roofline: Roofline, _ notes: inout [String]) -> ServingPlan.Swap? {
        guard let link = device?.link else {
            notes.append("no break-even of swapping: give the bandwidth to the host by --link")
            return nil
        }
        let tokens = max(1, Int((lengths ?? .fixed(context)).meanTokens.rounded()))
        let question = SwapOrRecompute(
            roofline: roofline, link: link, blockSize: blockSize)
        return ServingPlan.Swap(
            tokens: tokens, bytes: question.bytes(tokens: tokens),
            swapSeconds: question.swapSeconds(tokens: tokens),
            recomputeSeconds: question.recomputeSeconds(tokens: tokens),
            breakEvenLink: question.breakEvenLink(tokens: tokens),
            stretches: question.stretches(upTo: context))
    }

    /// What it costs; nil: no price, or nothing that could run for it.
    func cost(
        _ speed: ServingPlan.Speed?, fit: Fit?, _ notes: inout [String]
    ) -> ServingPlan.Cost? {
        guard let pricePerHour else { return nil }
        guard fit.map({ $0.paged > 0 }) ?? true else {
            notes.append("no cost: not one sequence fits")
            return nil
        }
        let price = pricePerHour * Double(devices)
        let bound = speed?.decodes.last?.tokensPerSecond
        let rate = tokensPerSecond.map { $0 * Double(devices) } ?? bound
        if rate == nil {
            notes.append("no price of tokens without a speed: give --tokens-per-second")
        }
        return ServingPlan.Cost(
            perDay: price * 24,
            perMillionTokens: rate.map {
                TokenPrice.perMillion(pricePerHour: price, tokensPerSecond: $0)
            },
            tokensPerSecond: rate, isMeasured: tokensPerSecond != nil)
    }
}
