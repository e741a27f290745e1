public import KVCache
public import Scheduling

/// The times at which a request was queued, ran and ended, since the engine was made.
public struct Timeline: Hashable, Sendable {
    /// A preemption of the request.
    public struct Interruption: Hashable, Sendable {
        /// When the request was preempted.
        public var time: Duration

        /// Which of the request's answers was preempted, from 0.
        public var choice: Int

        /// Why it was preempted, how it comes back, and the tokens that are lost.
        public var preemption: Preemption
    }

    /// When the request was submitted.
    public var queued: Duration

    /// When a step first computed tokens of the request.
    public var scheduled: Duration?

    /// When the first token of its answer was there.
    public var firstToken: Duration?

    /// When the answer ended.
    public var finished: Duration?

    /// The preemptions of the request, in order.
    public var preemptions: [Interruption] = []

    /// Tokens of its prompt that the cache had when it first ran.
    public var cachedTokens = 0

    /// Why the cache had no more of them: the position, and where there was something else, the
    /// two tokens. Nil before it has run.
    public var prefixEnd: PrefixEnd?

    init(queued: Duration) {
        self.queued = queued
    }

    mutating func note(_ admission: Admission, at time: Duration) {
        guard scheduled == nil else { return }
        scheduled = time
        cachedTokens = admission.cachedTokens
        prefixEnd = admission.prefixEnd
    }

    mutating func note(_ preemption: Preemption, choice: Int, at time: Duration) {
        preemptions.append(Interruption(time: time, choice: choice, preemption: preemption))
    }

    /// Tokens that were computed and lost by preemptions.
    public var recomputedTokens: Int {
        preemptions.reduce(0) { $0 + $1.preemption.recomputedTokens }
    }
}
