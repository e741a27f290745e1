/// The bounds of this module.
enum TensorLimits {
    /// Threads of one pool: more than the cores of any machine that this is for.
    static let threads = 1024

    /// Pauses before an idle worker sleeps: some tens of microseconds, longer than the gaps
    /// between the operations of a forward pass and shorter than a wake-up costs the system.
    static let spins = 2000

    /// Floats of a row operation that are a thread's share at least: a microsecond or two.
    static let sharedRowFloats = 4_096

    /// Floats of a row that a thread has room for: more than the hidden layer of most models.
    static let scratchRowFloats = 32 << 10

    /// What a cosine and a sine cost, in floats of a row operation.
    static let rotaryCost = 16

    /// Products of a query, a key and an element below which attention stays on one thread.
    static let sharedAttentionWork = 200_000

    /// Items for each thread that a plan of attention aims at: so that the last to end is not long
    /// alone.
    static let attentionItems = 4

    /// Rows of a step whose context is split among items, at most.
    static let attentionSplits = 1024

    /// Floats for the states of split contexts: one of 128 Ki tokens of most models. What needs
    /// more is not split.
    static let attentionStateFloats = 1 << 20

    /// Bytes of copies that are worth waking another thread for: what a core copies in the time
    /// that a wake-up takes.
    static let sharedCopyBytes = 64 << 10

    /// The least part of a page that is a thread's own.
    static let copyPartBytes = 4 << 10

    /// What a thread takes of a checksum at once.
    static let checksumRunBytes = 1 << 20

    /// Nodes of memory: more than any machine has.
    static let memoryNodes = 1024

    /// The size of a small configuration file that is read whole (cgroup, cpuinfo).
    static let systemFileBytes = 1 << 20

    /// What the bandwidth probe reads: far beyond the caches of common machines.
    static let probeBytes = 512 << 20

    /// How long the bandwidth probe reads.
    static let probeMilliseconds = 400

    /// How long an arithmetic probe computes.
    static let arithmeticMilliseconds = 150

    /// Operations of one task of an arithmetic probe: some hundreds of microseconds at most.
    static let arithmeticOperations = 20_000_000

    /// Bytes of a file's weights that are packed before their pages are given back.
    static let packedSliceBytes = 8 << 20

    /// Experts of a layer: more than any model has.
    static let experts = 1024

    /// What a sum of experts' weights counts at least, where it divides them: sigmoids may all
    /// be 0.
    static let leastWeights = 1e-20

    /// Tasks for each thread that the products of a layer's experts are cut into at most.
    static let expertTasks = 8

    /// Bytes of a file that the system is asked to read at once: its read-ahead, commonly.
    static let fetchedBytes = 128 << 10

    /// Bytes of weights that are worth a trip to the counter of a job's tasks.
    static let productTaskBytes = 24 << 10
}
