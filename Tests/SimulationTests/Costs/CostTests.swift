import KVCache
import Planning
import QuireIdentifiers
import Testing

@testable import Scheduling
@testable import Simulation

@Suite("Costs of steps")
struct CostTests {
    private func work(
        tokens: Int, decodes: Int = 0, outputs: Int = 0, context: Int = 0, pairs: Int = 0
    ) -> StepWork {
        var work = StepWork()
        work.tokens = tokens
        work.decodes = decodes
        work.outputs = outputs
        work.decodeContext = context
        work.prefillPairs = pairs
        return work
    }

    @Test func `a curve is straight between its points and goes on beyond them`() {
        let costs = MeasuredCosts(
            name: "curve",
            curve: [
                .init(tokens: 1, seconds: 1), .init(tokens: 3, seconds: 2),
                .init(tokens: 10, seconds: 9),
            ])
        #expect(costs.curveSeconds(1) == 1 && costs.curveSeconds(2) == 1.5)
        #expect(costs.curveSeconds(3) == 2 && costs.curveSeconds(6) == 5)
        #expect(costs.curveSeconds(12) == 11)
        #expect(costs.curveSeconds(0) == 0.5)
        let flat = MeasuredCosts(name: "one", curve: [.init(tokens: 4, seconds: 3)])
        #expect(flat.curveSeconds(9) == 3)
    }

    @Test func `a fit finds the costs that made the samples`() throws {
        var truth = MeasuredCosts(
            name: "truth",
            curve: [
                .init(tokens: 1, seconds: 0.010), .init(tokens: 8, seconds: 0.012),
                .init(tokens: 64, seconds: 0.030), .init(tokens: 512, seconds: 0.200),
            ])
        truth.output = 0.0004
        truth.context = 2e-7
        truth.pair = 5e-8
        truth.host = 0.0003
        truth.hostOutput = 0.00002
        var random = SeededRandom(seed: 5)
        let samples = (0..<600).map { _ -> StepSample in
            let decodes = random.integer(in: 0...8)
            let chunk = random.happens(0.5) || decodes == 0 ? random.integer(in: 2...504) : 0
            let start = random.integer(in: 0...1000)
            let work = work(
                tokens: decodes + chunk, decodes: decodes,
                outputs: decodes + (chunk > 0 && random.happens(0.5) ? 1 : 0),
                context: (0..<decodes).reduce(0) { sum, _ in
                    sum + random.integer(in: 1...1500)
                }, pairs: chunk * start + chunk * (chunk + 1) / 2)
            return StepSample(
                work: work, seconds: truth.seconds(work), gap: truth.hostSeconds(work))
        }
        let fitted = try MeasuredCosts(fitting: samples, name: "fitted")
        for sample in samples {
            #expect(abs(fitted.seconds(sample.work) / sample.seconds - 1) < 0.01)
        }
        #expect(abs(fitted.host - truth.host) < 1e-6)
        #expect(abs(fitted.hostOutput - truth.hostOutput) < 1e-7)
        // Beyond what was seen: 32 decodes.
        let more = work(tokens: 32, decodes: 32, outputs: 32, context: 20_000)
        #expect(abs(fitted.seconds(more) / truth.seconds(more) - 1) < 0.02)
        #expect(try #require(fitted.fit).medianError < 0.01)
    }

    @Test func `a fit takes no cost for negative and leaves out a disturbed step`() throws {
        var random = SeededRandom(seed: 6)
        var samples = (0..<200).map { _ -> StepSample in
            let tokens = random.integer(in: 1...64)
            return StepSample(
                work: work(tokens: tokens, decodes: tokens, outputs: tokens, context: 100 * tokens),
                seconds: 0.01 + 0.001 * Double(tokens), gap: 0.001)
        }
        samples[3].seconds *= 20
        let fitted = try MeasuredCosts(fitting: samples, name: "fitted")
        #expect(fitted.output >= 0 && fitted.context >= 0 && fitted.pair == 0)
        let one = work(tokens: 10, decodes: 10, outputs: 10, context: 1000)
        #expect(abs(fitted.seconds(one) - 0.02) < 0.0005)
        #expect(throws: ServiceError.self) {
            try MeasuredCosts(fitting: Array(samples.prefix(5)), name: "few")
        }
    }

    @Test func `a fit is not bent by minutes in which the machine was slower`() throws {
        var random = SeededRandom(seed: 8)
        // Two loads with contexts that go with their rows: only the spread within a load tells a
        // row's cost from its context's, which slow steps of long contexts would hide.
        let samples = (0..<1000).map { index -> StepSample in
            let rows = index < 600 ? 1 : 8
            let context = rows * random.integer(in: 100...500)
            let slow = index >= 250 && index < 500 ? 1.45 : 1
            return StepSample(
                work: work(tokens: rows, decodes: rows, outputs: rows, context: context),
                seconds: slow * (0.008 + 0.0005 * Double(rows) + 4e-7 * Double(context)),
                gap: 0.001)
        }
        let fitted = try MeasuredCosts(fitting: samples, name: "fitted")
        let more = work(tokens: 8, decodes: 8, outputs: 8, context: 8 * 2_000)
        #expect(abs(fitted.seconds(more) / (0.012 + 4e-7 * 16_000) - 1) < 0.02)
    }

    @Test func `samples are written and read`() throws {
        let samples = [
            StepSample(
                work: work(tokens: 5, decodes: 1, outputs: 2, context: 7, pairs: 10),
                seconds: 0.5, gap: nil),
            StepSample(work: work(tokens: 1), seconds: 0.25, gap: 0.125),
        ]
        let text = ([StepSample.head] + samples.map(\.line)).joined(separator: "\n") + "\n"
        #expect(try StepSample.read(text) == samples)
        #expect(throws: ServiceError.self) { try StepSample.read("tokens\n") }
        #expect(throws: ServiceError.self) {
            try StepSample.read(StepSample.head + "\n1,2,3,4,5,-1,\n")
        }
    }

    @Test func `rows are counted, with windows`() {
        var work = StepWork()
        work.add(
            .init(
                sequence: SequenceID(1), queryStart: 0, queryLength: 1, contextLength: 10,
                tableStart: 0, tableLength: 0, outputStart: 0, outputLength: 1), window: 4)
        work.add(
            .init(
                sequence: SequenceID(2), queryStart: 1, queryLength: 3, contextLength: 6,
                tableStart: 0, tableLength: 0, outputStart: 1, outputLength: 0), window: 4)
        #expect(work.tokens == 4 && work.decodes == 1 && work.outputs == 1 && work.rows == 2)
        #expect(work.decodeContext == 10 && work.decodeWindow == 4)
        #expect(work.prefillPairs == 4 + 5 + 6 && work.windowPairs == 4 + 4 + 4)
    }

    @Test func `speeds without their units are refused by name`() throws {
        let entry = try #require(ModelCatalogue.entry(named: "llama-2-7b"))
        let format = try #require(WeightFormat.named("f16"))
        func message(_ change: (inout Device) -> Void) throws -> String {
            var device = try #require(DeviceCatalogue.device(named: "a100-80"))
            change(&device)
            do throws(ServiceError) {
                _ = try RooflineCosts(
                    shape: entry.shape, device: device, weights: format, dtype: .f16,
                    pageBytes: 1, maxStepTokens: 512)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(try message { _ in } == "none")
        #expect(try message { $0.operations = 312 }.contains("--flops and --bandwidth"))
        #expect(try message { $0.bandwidth = 1 }.contains("as 312T and 2TB/s"))
    }

    @Test func `a file of costs is checked number by number`() throws {
        let costs = MeasuredCosts(name: "one", curve: [.init(tokens: 1, seconds: 0.01)])
        let sound = MeasuredService(costs: costs, layout: try smallLayout(blocks: 100), batch: 8)
        try sound.check()
        #expect(sound.kvDtype == "f16")
        let changes: [(String, (inout MeasuredService) -> Void)] = [
            ("blocks", { $0.blocks = .max }), ("blocks", { $0.blocks = 0 }),
            ("blockSize", { $0.blockSize = 1 << 40 }), ("context", { $0.context = .max }),
            ("chunk", { $0.chunk = .max }), ("batch", { $0.batch = .max }),
            ("layers", { $0.layers = [] }), ("heads", { $0.layers[0].heads = .max }),
            ("kvDtype", { $0.kvDtype = "f7" }), ("time", { $0.costs.host = 1e5 }),
            ("error", { $0.costs.fit = .init(steps: 1, medianError: 0, totalError: 1) }),
        ]
        for (name, change) in changes {
            var service = sound
            change(&service)
            let error = #expect(throws: ServiceError.self) { try service.check() }
            #expect(error?.description.contains(name) == true, "\(error?.description ?? name)")
        }
    }

    @Test func `a data sheet's costs are the roofline's at full shares`() throws {
        let entry = try #require(ModelCatalogue.entry(named: "llama-2-7b"))
        let device = try #require(DeviceCatalogue.device(named: "a100-80"))
        let format = try #require(WeightFormat.named("f16"))
        var costs = try RooflineCosts(
            shape: entry.shape, device: device, weights: format, dtype: .f16, pageBytes: 1,
            maxStepTokens: 512)
        costs.bandwidthShare = 1
        costs.operationsShare = 1
        let roofline = Roofline(
            shape: entry.shape, dtype: .f16, weightBytes: 2,
            bandwidth: try #require(device.bandwidth), operations: try #require(device.operations))
        let decode = work(tokens: 16, decodes: 16, outputs: 16, context: 16 * 900)
        let expected = roofline.decode(batch: 16, context: 900).seconds
        #expect(abs(costs.seconds(decode) / expected - 1) < 1e-9)
        let prompt = work(tokens: 512, outputs: 1, pairs: 512 * 513 / 2)
        let prefill = roofline.prefill(tokens: 512).seconds
        #expect(abs(costs.seconds(prompt) / prefill - 1) < 1e-3)
    }
}
