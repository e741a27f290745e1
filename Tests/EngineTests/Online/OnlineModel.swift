import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// The tiny model behind an engine with a thread of its own.
struct OnlineModel {
    let engine: Engine
    let gate = StepGate()

    /// - Parameter isGated: whether steps wait for the test to allow them.
    init(
        isGated: Bool = false, blockSize: Int = 4, length: Int = 128, chunk: Int = 16,
        running: Int = 4, waiting: Int = 1 << 20, sequences: Int = 3, failingStep: Int? = nil,
        recordsEvents: Bool = false
    ) async throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full, .slidingWindow(9)], kvHeads: 1, headDim: 2),
            blockSize: blockSize, maxModelLength: length, maxChunk: chunk)
        let layout = try planner.plan(sequences: sequences)
        let gate = gate
        if !isGated { gate.open() }
        var configuration = SchedulerConfiguration(
            maxStepTokens: 64, maxStepOutputs: 8, maxChunk: chunk, maxRunning: running,
            maxWaiting: waiting)
        configuration.cache.recordsEvents = recordsEvents
        engine = try await Engine(
            tokenizer: TinyModel.tokenizer(), layout: layout, configuration: configuration,
            maxLogprobs: -1
        ) {
            let executor = HashExecutor(layout: layout, maxStepTokens: 64, maxStepOutputs: 8)
            executor.failingStep = failingStep
            return GatedExecutor(executor, gate: gate)
        }
    }

    /// Asks for a pause, then opens the gate: the step that stands in it is the last before.
    func pause(_ mode: PauseMode) async {
        // Immediate: the wish is in the mailbox before the gate opens.
        let paused = Task.immediate { await engine.pause(mode) }
        gate.open()
        await paused.value
    }

    /// Ends the engine and says whether no request and no block is left behind.
    func isCleanAtEnd(_ mode: ShutdownMode = .drain) async -> Bool {
        gate.open()
        await engine.shutdown(mode)
        let scheduling = engine.statistics.scheduling
        return scheduling.usedBlocks == 0 && scheduling.waiting == 0 && scheduling.running == 0
    }
}

/// What a reader saw of an answer.
struct Reading: Equatable {
    var text = ""
    var tokens: [TokenID] = []
    var reasons: [FinishReason] = []
    var completions: [Completion] = []

    mutating func take(_ delta: GenerationDelta) {
        text += delta.text
        tokens += delta.tokens
        if let reason = delta.finishReason { reasons.append(reason) }
        if let completion = delta.completion { completions.append(completion) }
    }

    /// Reads a stream to its end.
    static func all(_ stream: TokenStream) async throws(EngineError) -> Reading {
        var reading = Reading()
        let iterator = stream.makeAsyncIterator()
        while let delta = try await iterator.next(isolation: nil) { reading.take(delta) }
        return reading
    }
}
