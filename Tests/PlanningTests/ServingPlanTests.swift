import KVCache
import Planning
import Testing

@Suite struct `A plan` {
    private func request(
        _ name: String, _ device: String?, context: Int = 2048
    ) throws -> PlanRequest {
        let entry = try #require(ModelCatalogue.entry(named: name))
        var request = PlanRequest(
            shape: entry.shape, source: entry.source,
            weights: WeightCost(parameters: entry.shape.parameters, format: .f16),
            context: context)
        request.device = device.flatMap(DeviceCatalogue.device)
        return request
    }

    @Test func `its room is the memory less weights, activations and reserve`() throws {
        var request = try request("llama-2-7b", "a100-80")
        request.reserveBytes = 1_000_000_000
        let plan = try ServingPlan(request)
        let activations = try #require(plan.activations).bytes
        let fit = try #require(plan.fit)
        #expect(fit.roomBytes == 79_000_000_000 - 2 * 6_738_415_616 - activations)
        #expect(fit.reserved == fit.roomBytes / 1_073_741_824)
        #expect(plan.fitByTokens.map { Int($0.meanTokens) } == [2048, 1024, 512, 256])
        #expect(plan.textbookActivations == 536_870_912)
        #expect(plan.weightBytesRead == 2 * (6_738_415_616 - 32_000 * 4096))
        #expect(plan.notes.isEmpty)
    }

    @Test func `GPT-3 is on no A100, and eight are a sum without a speed`() throws {
        var request = try request("gpt-3-175b", "a100-80")
        let one = try ServingPlan(request)
        #expect(one.fit?.reserved == 0 && one.fit?.paged == 0 && one.speed == nil)
        #expect(one.notes.contains { $0.contains("does not fit") })
        #expect(one.notes.contains { $0.contains("tensor parallelism") })
        request.devices = 8
        let eight = try ServingPlan(request)
        #expect(eight.fit?.reserved == 30)
        #expect(eight.speed == nil && eight.swap == nil)
        #expect(eight.notes.contains { $0.contains("only a sum") })
        #expect(eight.notes.contains { $0.contains("tensor parallelism") })
    }

    @Test func `what is not known is left out and asked for`() throws {
        var request = try request("llama-3.1-8b", nil)
        #expect(try ServingPlan(request).fit == nil)
        request.device = Device(name: "m", title: "m", memoryBytes: 80_000_000_000, source: "given")
        request.pricePerHour = 2
        let plan = try ServingPlan(request)
        #expect(plan.speed == nil && plan.swap == nil)
        #expect(plan.notes.contains { $0.contains("--bandwidth") })
        #expect(plan.notes.contains { $0.contains("--tokens-per-second") })
        #expect(plan.cost?.perDay == 48 && plan.cost?.perMillionTokens == nil)
        request.tokensPerSecond = 1000
        let cost = try #require(try ServingPlan(request).cost)
        #expect(cost.isMeasured)
        #expect(abs((cost.perMillionTokens ?? 0) - 2.0 / 3.6) < 1e-12)
    }

    @Test func `one sequence that is too long is told what would fit`() throws {
        var request = try request("llama-2-7b", "a100-80", context: 4096)
        request.device?.memoryBytes = 2 * 6_738_415_616 + 1_500_000_000
        let plan = try ServingPlan(request)
        let longest = try #require(plan.fit).longestContext
        #expect(longest > 2000 && longest < 4096)
        #expect(plan.notes.contains { $0.contains("--context \(longest)") })
        request.context = longest
        #expect(try ServingPlan(request).fit?.reserved == 1)
    }

    @Test func `what does not fit has neither speed nor cost`() throws {
        var request = try request("llama-2-7b", "a100-80", context: 4096)
        request.pricePerHour = 2
        request.device?.memoryBytes = 2 * 6_738_415_616 + 500_000_000
        let short = try ServingPlan(request)
        #expect(short.fit?.paged == 0 && short.fit?.longestContext ?? 0 > 0)
        #expect(short.speed == nil && short.swap == nil && short.cost == nil)
        #expect(short.notes.contains { $0.contains("no cost") })
        // The weights fit the device, but not beside what is left alone.
        request.device?.memoryBytes = 14_000_000_000
        request.reserveBytes = 1_000_000_000
        let reserved = try ServingPlan(request)
        #expect(reserved.speed == nil)
        #expect(reserved.notes.contains { $0.contains("does not fit") })
    }

    @Test(arguments: [
        ("mixtral-8x7b", "experts"), ("gemma-2-9b", "window"), ("deepseek-v3", "latent"),
    ])
    func `what is special of a model is said`(name: String, word: String) throws {
        #expect(try ServingPlan(request(name, "h200")).notes.contains { $0.contains(word) })
    }

    @Test func `numbers out of range are refused by name`() throws {
        let good = try request("llama-2-7b", "a100-80")
        let bad: [(String, (inout PlanRequest) -> Void)] = [
            ("context", { $0.context = 0 }), ("block size", { $0.blockSize = 0 }),
            ("devices", { $0.devices = 0 }), ("step's tokens", { $0.stepTokens = 0 }),
            ("memory", { $0.device?.memoryBytes = 0 }), ("reserve", { $0.reserveBytes = -1 }),
            ("reserve", { $0.reserveBytes = 80_000_000_000 }),
            (
                "too large",
                { request in
                    let huge = AttentionHeads(query: 1 << 16, keyValue: 1 << 16, dimension: 1 << 16)
                    for index in request.shape.layers.indices {
                        request.shape.layers[index].attention = .heads(huge)
                    }
                    request.context = PlanningLimits.context
                }
            ),
        ]
        for (name, change) in bad {
            var request = good
            change(&request)
            let error = #expect(throws: PlanningError.self) { try ServingPlan(request) }
            #expect(error?.message.contains(name) == true, "\(name)")
        }
    }

    @Test func `an engine's own pool is what it says`() throws {
        var request = try request("llama-2-7b", "a100-80")
        request.roomBytes = 10 * 1_073_741_824
        let plan = try ServingPlan(request)
        #expect(plan.fit?.reserved == 10 && plan.fit?.blocks == 10 * 128)
    }
}

@Suite struct `Costs` {
    @Test func `a day is minutes of devices, or whole devices`() {
        let cost = ServingCost(requestsPerDay: 1e6, requestsPerMinute: 250, pricePerHour: 3)
        #expect(cost.deviceMinutesPerDay == 4000)
        #expect(cost.devices == 3 && cost.rentedHoursPerDay == 72)
        #expect(cost.pricePerDay == 200)
        #expect(cost.rent(days: 10) == 2160)
        #expect(TokenPrice.perMillion(pricePerHour: 3.6, tokensPerSecond: 1000) == 1)
    }
}

@Suite struct `Numbers in words` {
    @Test func `GiB and GB are never mixed`() {
        #expect(Numbers.both(1_073_741_824) == "1.000 GiB (1.074 GB)")
        #expect(Numbers.both(655_360_000) == "625.000 MiB (655.360 MB)")
        #expect(Numbers.both(800, 1) == "0.8 KiB (0.8 kB)")
        #expect(Numbers.gb(350_000_000_000, 0) == "350 GB")
        #expect(Numbers.gib(9_663_676_416, 1) == "9.0 GiB")
    }

    @Test(arguments: [
        (1.005, 1, "1.0"), (0.999, 2, "1.00"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"),
        (1234.5, 0, "1,235"), (1e17, 2, "1e+17"), (0.05, 3, "0.050"),
    ])
    func `decimals are rounded to the nearest`(number: Double, places: Int, text: String) {
        #expect(Numbers.decimal(number, places) == text)
    }

    @Test func `digits are grouped by three`() {
        #expect(Numbers.grouped(1_234_567) == "1,234,567")
        #expect(Numbers.grouped(-999) == "-999")
        #expect(Numbers.grouped(-1000) == "-1,000")
        #expect(Numbers.percent(0.38125, 2) == "38.13 %")
    }
}
