import ArgumentParser
import QuireEngine
import QuireKit
import Scheduling

/// Everything that can be chosen of a server but its model.
struct ServeSettings: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("What answers call the model (default: its name).", valueName: "name"))
    var servedModelName: String?

    @OptionGroup var template: TemplateOptions

    @OptionGroup var serving: ServeOptions

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Requests that may wait; more are refused with 503.", valueName: "n"))
    var maxQueue = SchedulingLimits.maxWaiting

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens of the prompts that may wait; more are refused with 503.", valueName: "n"))
    var maxQueuedTokens = SchedulingLimits.maxWaitingTokens

    @OptionGroup var requests: RequestOptions

    @OptionGroup var batch: BatchOptions

    @OptionGroup var engine: EngineOptions

    @OptionGroup var scheduling: SchedulingOptions

    func validate() throws {
        for (value, name, most) in [
            (maxQueue, "--max-queue", SchedulingLimits.maxWaiting),
            (maxQueuedTokens, "--max-queued-tokens", SchedulingLimits.maxWaitingTokens),
        ] where !(1...most ~= value) {
            throw ValidationError("\(name) is \(value); it must be between 1 and \(most).")
        }
    }

    /// The choices that concern the engine, as the library takes them.
    var modelOptions: ModelOptions { modelOptions(nil) }

    /// The same, for an engine whose steps are written down.
    func modelOptions(_ recorder: StepRecorder?) -> ModelOptions {
        var options = engine.modelOptions
        options.recorder = recorder
        options.interTokenTarget = LatencyTarget.served
        scheduling.apply(to: &options)
        if let size = batch.size ?? scheduling.mode?.running { options.batch = size }
        options.maxWaiting = maxQueue
        options.maxWaitingTokens = maxQueuedTokens
        options.maxLogprobs = requests.maxLogprobs
        return options
    }
}
