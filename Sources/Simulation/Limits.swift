/// The bounds of what a simulation takes.
package enum SimulationLimits {
    /// Requests of a trace, which are held in memory.
    package static let traceRequests = 20_000_000

    /// Tokens of a prompt or an answer of a trace.
    package static let requestTokens = 1 << 30

    /// Seconds from a trace's first request to its last: thirty years, a third of what a clock of
    /// nanoseconds counts.
    package static let traceSeconds = 1e9

    /// Requests of a workload that is drawn.
    package static let workloadRequests = 5_000_000

    /// Tenants, and tasks, of a workload that is drawn.
    package static let tenants = 100_000

    /// Requests, sessions or problems of a workload that come in a second.
    package static let workloadRate = 1e-9...1e9

    /// The deviation of times between requests over their mean.
    package static let workloadVariation = 1e-3...1e3

    /// Seconds of a phase of a workload, and of a token of an answer that a client waits for.
    package static let workloadSeconds = 1e-9...1e6

    /// How often a length that does not fit is drawn again.
    package static let redraws = 1000

    /// Sequences of a run of the notebook's functions.
    package static let notebookSequences = 1_000_000

    /// Tokens of a sequence of the notebook's functions, and of a page.
    package static let notebookLength = 1 << 22

    /// Elements of a token of the notebook's functions.
    package static let notebookHiddenDim = 1 << 20

    /// Pages of a pool of the notebook's functions: a bit each.
    package static let notebookPages = 1 << 30

    /// Elements of a pool of the notebook's functions.
    package static let notebookElements = 1 << 60

    /// Entries of a list among a notebook function's arguments.
    package static let notebookList = 1000

    /// Blocks of a story that is told block by block, and tokens of one.
    package static let storyBlocks = 4096

    /// Slots of a cache whose use is simulated.
    package static let memorySlots = 1 << 26

    /// Steps of a simulated use of memory that are kept for a chart.
    package static let memoryMoments = 512

    /// Blocks of a trace's prompts, of which a replay of the cache holds three numbers each.
    package static let traceBlocks = 200_000_000

    /// Sets of requests that use of memory is simulated with.
    package static let memorySeeds = 1000

    /// Sequences that share a prompt.
    package static let sharingSequences = 64

    /// Requests for which a beam search is simulated, table by table.
    package static let beamRequests = 200

    /// Slots of a batch; each request looks at all of them.
    package static let batchingSlots = 4096

    /// Requests that are listed by their times.
    package static let batchingList = 10_000
}

extension SimulationLimits {
    /// Turns of one chaos run: ten times what the longest takes.
    package static let chaosTurns = 20_000

    /// Faults that a chaos run's executor writes down.
    package static let chaosFaults = 16

    /// Scripts that are tried to make a failing one small.
    package static let chaosAttempts = 20_000

    /// How long that may take.
    package static let chaosShrinking = Duration.seconds(300)

    /// Blocks, slots, tokens and requests of a chaos script's machine.
    package static let chaosExtent = 1 << 16

    /// Lines, requests and tokens of a prompt in a chaos script.
    package static let chaosLines = 100_000
}
