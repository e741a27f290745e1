public import ArgumentParser
public import KVCache
import QuireKit
public import Scheduling

/// The options of the commands that answer many requests at once. None changes an answer.
struct SchedulingOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the service is tuned for: throughput, latency (of first tokens) or balanced; "
                + "options of their own come before it (default: none).", valueName: "mode"))
    var mode: ServingMode?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Who is taken up next: fcfs, priority, fair, prefix (longest cached prefix first) or "
                + "static (batch after batch).", valueName: "policy"))
    var order = OrderChoice.fcfs

    @Option(
        name: .long,
        help: ArgumentHelp(
            "When there is room for one more: watermark (by the growth to be expected), reserve "
                + "(nobody is ever preempted) or fixed-watermark.", valueName: "policy"))
    var admission = AdmissionPolicy.watermark

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Which cached block is given up first: adaptive (learns; lru until that is better), "
                + "lru, lfu, fifo, s3fifo, cost or priority.", valueName: "policy"))
    var eviction = EvictionPolicy.adaptive

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Share computed prompts between requests that begin alike.")
    var prefixCache = true

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The longest time between two tokens of an answer, as 100ms: long prompts are computed "
                + "in smaller parts to keep it; none: prompts get whole steps (default: that of "
                + "--mode, else 150ms in quire serve and quire simulate, none elsewhere).",
            valueName: "time"))
    var itlTarget: LatencyTarget?

    /// Puts the choices among those of a scheduler.
    func apply(to configuration: inout SchedulerConfiguration) {
        if let mode { configuration.interTokenTarget = mode.interTokenTarget }
        configuration.order = order
        configuration.admission = admission
        configuration.cache.eviction = eviction
        configuration.cache.prefixCaching = prefixCache
        if let itlTarget { configuration.interTokenTarget = itlTarget.duration }
    }

    /// Puts the choices among those of a model.
    func apply(to options: inout ModelOptions) {
        if let mode { options.interTokenTarget = mode.interTokenTarget }
        options.order = order
        options.admission = admission
        options.eviction = eviction
        options.sharesPrefixes = prefixCache
        if let itlTarget { options.interTokenTarget = itlTarget.duration }
    }
}

extension ServingMode: ExpressibleByArgument {}

extension OrderChoice: ExpressibleByArgument {
    /// The choice of that name.
    public init?(argument: String) {
        self.init(name: argument)
    }

    /// The name.
    public var defaultValueDescription: String { name }
}

extension AdmissionPolicy: ExpressibleByArgument {
    /// The policy of that name.
    public init?(argument: String) {
        self.init(name: argument)
    }

    /// The name.
    public var defaultValueDescription: String { name }
}

extension EvictionPolicy: ExpressibleByArgument {
    /// The policy of that name.
    public init?(argument: String) {
        self.init(name: argument)
    }

    /// The name.
    public var defaultValueDescription: String { name }
}
