/// A state of the control plane that chaos runs must reach: one that no run has seen is a hole in
/// the net.
package enum ChaosMark: String, Hashable, Sendable, CaseIterable {
    // MARK: Preemption

    /// A running request's blocks went to another that runs.
    case preemptedForBlocks = "preempted for blocks"
    /// They went to a better class.
    case preemptedForClass = "preempted for a class's blocks"
    /// A better class took a place in a full batch.
    case preemptedForPlace = "preempted for a class's place"
    /// A fork found the batch full.
    case forkedIntoFullBatch = "forked into a full batch"
    /// The prefix cache was reset under a running request.
    case preemptedByReset = "preempted by a reset"
    /// The configuration took a place.
    case preemptedByForce = "preempted by force"
    /// Pages went to the host tier.
    case swappedOut = "swapped out"
    /// They came back.
    case swappedIn = "swapped in"
    /// The host tier had no room for them.
    case swapRefused = "swap refused"
    /// The step that was to store them failed.
    case swapLost = "swap lost"
    /// Tokens were computed a second time.
    case recomputed = "recomputed"
    /// A request lost its place twice.
    case preemptedTwice = "preempted twice"

    // MARK: Blocks

    /// A block was copied because two sequences held it.
    case copiedOnWrite = "copied on write"
    /// A block was copied for the tokens that it begins with.
    case copiedForPartialHit = "copied for a partial hit"
    /// All of a prompt but its last token was cached.
    case fullHit = "full hit"
    /// Some whole blocks of it were.
    case partialHit = "partial hit"
    /// A running request found more of its prompt.
    case lateHit = "late hit"
    /// A request waited for another to compute their prefix.
    case followed = "followed another's prefix"
    /// A cached block was given up.
    case evicted = "evicted"
    /// One was given up while others were pinned.
    case evictedUnderPins = "evicted under pins"
    /// A block left the window.
    case windowReturned = "window block returned"
    /// Every block was held.
    case poolExhausted = "pool exhausted"

    // MARK: Tiers

    /// A page was stored in the host tier.
    case stored = "stored in the host tier"
    /// A page was loaded from it.
    case loaded = "loaded from the host tier"
    /// The host tier forgot a page.
    case hostEvicted = "host tier evicted"
    /// A block was given up and not stored.
    case notStored = "not worth storing"
    /// A record was written.
    case written = "written to the file"
    /// A record could not be written.
    case writeFailed = "file write failed"
    /// A record was read.
    case fetched = "fetched from the file"
    /// A record could not be read.
    case readFailed = "file read failed"
    /// A saved prefix cache was restored.
    case restored = "restored from the file"
    /// A request found its prefix in the file of an engine before.
    case hitAfterRestart = "hit after a restart"

    // MARK: Waiting

    /// A request waited for the step's budget.
    case waitedForBudget = "waited for budget"
    /// A request waited for blocks.
    case waitedForBlocks = "waited for blocks"
    /// A request waited for a place in the batch.
    case waitedForPlace = "waited for a place"
    /// A request waited behind others.
    case waitedInOrder = "waited in order"
    /// A request waited because its tenant had more than its share.
    case waitedForFairness = "waited for fairness"
    /// A request waited for the batch before it.
    case waitedForBatch = "waited for the batch"
    /// A request waited for the file.
    case waitedForLoading = "waited for loading"
    /// A prompt was cut by the inter-token target.
    case cutByTarget = "prompt cut by the target"

    // MARK: Refusals and ends

    /// More blocks were asked for than there are.
    case refusedTooLarge = "refused: too many blocks"
    /// A prompt was longer than the context.
    case refusedTooLong = "refused: prompt too long"
    /// As many requests waited as may.
    case refusedQueueFull = "refused: queue full"
    /// As many tokens waited as may.
    case refusedTokensFull = "refused: tokens of the queue full"
    /// An answer had all its tokens.
    case endedByLength = "ended by length"
    /// An answer ended with a token.
    case endedByToken = "ended by a token"
    /// An answer ended with a text.
    case endedByString = "ended by a string"
    /// An answer filled the context.
    case endedByContext = "ended by the context"
    /// Logits were no numbers.
    case endedByLogits = "ended by bad logits"
    /// Pins kept the blocks that a request needed.
    case endedByPins = "ended by pins"

    // MARK: Cancelling

    /// In the queue.
    case cancelledQueued = "cancelled in the queue"
    /// While its prompt was computed.
    case cancelledPrefill = "cancelled in prefill"
    /// While its answer was under way.
    case cancelledDecode = "cancelled in decode"
    /// After it had lost its place.
    case cancelledPreempted = "cancelled while preempted"
    /// While its pages were in the host tier.
    case cancelledSwapped = "cancelled while swapped"
    /// While beams waited for each other.
    case cancelledBeam = "cancelled between beams"
    /// While the engine was paused.
    case cancelledHeld = "cancelled while held"
    /// While its blocks came from the file.
    case cancelledLoading = "cancelled while loading"
    /// By letting go of the stream.
    case cancelledByDrop = "cancelled by dropping"
    /// With several sequences.
    case cancelledForked = "cancelled with several answers"

    // MARK: Failing steps

    /// A step with one row failed.
    case stepFailed = "step failed"
    /// A step with several rows failed.
    case stepFailedWithRows = "step failed with several rows"
    /// A step that copied failed.
    case stepFailedWithCopies = "step failed with copies"
    /// A step that loaded failed.
    case stepFailedWithLoads = "step failed with loads"
    /// A step failed and a request lived through it.
    case survivedFailure = "survived another's failure"
    /// Two steps failed one after the other.
    case failedAgain = "steps failed in a row"

    // MARK: Several answers

    /// A prompt was answered several times.
    case forked = "forked"
    /// Blocks were short when a sequence forked.
    case forkedUnderPressure = "forked under pressure"
    /// More answers were drawn than given.
    case ranked = "ranked"
    /// A beam search ended.
    case searched = "searched"
    /// A beam's place went to another's child.
    case beamsReordered = "beams reordered"
    /// A draft was accepted.
    case draftAccepted = "draft accepted"
    /// A draft was rejected.
    case draftRejected = "draft rejected"

    // MARK: The engine

    /// A request came while the engine was paused.
    case held = "held by a pause"
    /// Requests kept their places over a pause.
    case pausedKeeping = "paused keeping"
    /// Requests were answered before a pause.
    case pausedWaiting = "paused after waiting"
    /// Requests ended with a pause.
    case pausedAborting = "paused aborting"
    /// The prefix cache was reset.
    case reset = "reset"
    /// Blocks were in use when it was to be.
    case resetRefused = "reset refused"
    /// A prefix was pinned.
    case pinned = "pinned"
    /// Nothing of a prefix was there to pin.
    case pinMissed = "pin of nothing"
    /// More was to be pinned than may be.
    case pinRefused = "pin refused"
    /// A pin ended by time.
    case pinExpired = "pin expired"
    /// A slow reader found several tokens in one delta.
    case merged = "deltas merged"
    /// The engine answered what it had before it ended.
    case drained = "shutdown drained"
    /// The engine ended what it had.
    case aborted = "shutdown aborted"
    /// The clock jumped ahead while requests ran.
    case jumped = "clock jumped"
    /// A prompt's log probabilities were reported.
    case promptReported = "prompt reported"
}
