import ArgumentParser
import FoundationEssentials
import KVCache
import QuireIdentifiers
import QuireKit
import Scheduling
import Simulation

/// `quire simulate calibrate`.
struct SimulateCalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measure what steps of a model take on this machine, for simulate serve --costs.",
        discussion: """
            quire simulate calibrate demo --output costs.json
            quire simulate serve --costs costs.json --workload "independent: rate=2"

            Answers are computed for one and for several at once, with prompts of many lengths, \
            and the costs are fitted to the steps. What a server takes besides, for reading \
            requests and writing answers, is measured from outside and given with --arrival and \
            --delivery. With --steps the steps are those that quire serve --record-steps wrote.
            """)

    @Argument(
        help: ArgumentHelp(
            "An installed model, or the path of a file.", valueName: "model"),
        completion: ModelCompletion.models)
    var model: String

    @Option(
        help: ArgumentHelp("Where the costs are written.", valueName: "file"),
        completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Steps that a server has recorded, instead of measuring; may be given several times.",
            valueName: "file"),
        completion: .file())
    var steps: [String] = []

    @Option(
        help: ArgumentHelp(
            "Answers at once, one measurement each.", valueName: "n,..."))
    var clients = NumberList([1, 8])

    @Option(
        help: ArgumentHelp(
            "The time of a request before it is queued, as 2ms.", valueName: "time"))
    var arrival: ShortTime?

    @Option(
        help: ArgumentHelp(
            "The time from a token to its reader, as 500us.", valueName: "time"))
    var delivery: ShortTime?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sequences that run at once, at most: of the measurement, and of the service that "
                + "--costs describes.", valueName: "n"))
    var batch = 32

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    func validate() throws {
        try clients.check("--clients", 1...1024)
        try requireRange(batch, "--batch", 1...SchedulingLimits.maxRunning)
        if steps.isEmpty, let most = clients.numbers.max(), most > batch {
            throw ValidationError(
                "--clients has \(most), of which \(batch) run at once; give --batch \(most), or "
                    + "fewer clients.")
        }
    }

    func run() async throws {
        let path = try ModelChoice.path(of: model)
        let session = try ModelSession(
            path: path, options: engine, scheduling: scheduling, batch: batch)
        defer { session.close() }
        let samples = try steps.isEmpty ? measure(session.llm) : steps.flatMap { try Self.read($0) }
        var costs = try MeasuredCosts(fitting: samples, name: "\(model), measured")
        costs.arrival = arrival?.seconds ?? 0
        costs.delivery = delivery?.seconds ?? 0
        let service = MeasuredService(costs: costs, layout: session.llm.layout, batch: batch)
        try Data((try JSONText.pretty(service) + "\n").utf8)
            .write(to: URL(filePath: output), options: .atomic)
        guard let fit = costs.fit else { return }
        Terminal.note(
            "\(Sizes.grouped(fit.steps)) steps: half are predicted within "
                + "\(SimulateServeText.percent(fit.medianError)), their sum within "
                + "\(SimulateServeText.percent(fit.totalError)); a step of 1 token takes "
                + "\(SimulateServeText.time(costs.curveSeconds(1) + costs.output)), the host "
                + "\(SimulateServeText.time(costs.host)) between steps")
    }

    private static func read(_ path: String) throws -> [StepSample] {
        let bytes = try StandardStreams.bytes(file: path)
        do {
            return try StepSample.read(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw SimulateServeError("\(path): \(error)")
        }
    }

    /// Answers prompts of random tokens and lengths, and records the steps.
    private func measure(_ llm: LLM) throws -> [StepSample] {
        let recorder = StepRecorder()
        llm.recorder = recorder
        var random = SeededRandom(seed: 1)
        for count in clients.numbers {
            Terminal.note("measuring with \(count) at once")
            let requests = (0..<max(12, 4 * count)).map { _ in
                request(llm, &random)
            }
            // As a closed loop: the engine's own batch lets no more of them run.
            for start in stride(from: 0, to: requests.count, by: count) {
                let end = min(requests.count, start + count)
                for result in llm.answer(Array(requests[start..<end])) { _ = try result.get() }
            }
        }
        llm.recorder = nil
        return recorder.samples.map(StepSample.init)
    }

    private func request(_ llm: LLM, _ random: inout SeededRandom) -> GenerationRequest {
        let longest = max(8, min(512, llm.layout.maxModelLength / 2))
        let tokens = (0..<random.integer(in: 4...longest)).map { _ in
            TokenID(UInt32(random.integer(in: 0...min(999, llm.vocabularySize - 1))))
        }
        let parameters = SamplingParameters(
            maxTokens: random.integer(in: 8...96), seed: 1, ignoreEOS: true)
        return GenerationRequest(prompt: tokens, parameters: parameters)
    }
}

extension StepSample {
    /// A step as the engine has recorded it.
    init(_ record: StepRecorder.Record) {
        var work = StepWork()
        work.tokens = record.tokens
        work.decodes = record.decodes
        work.outputs = record.outputs
        work.decodeContext = record.decodeContext
        work.prefillPairs = record.prefillPairs
        self.init(work: work, seconds: record.seconds, gap: record.gap)
    }
}
