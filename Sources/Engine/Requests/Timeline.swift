public import KVCache
public import Scheduling

/// When what happened to a request. Times are since the engine was made.
public struct Timeline: Hashable, Sendable {
    /// A time at which it lost its place.
    public struct Interruption: Hashable, Sendable {
        /// When.
        public var time: Duration

        /// Which of its answers.
        public var choice: Int

        /// Why, how it comes back, and the tokens that are lost.
        public var preemption: Preemption
    }

    /// When it was submitted.
    public var queued: Duration

    /// When it had its first tokens in a step.
    public var scheduled: Duration?

    /// When its first token was there.
    public var firstToken: Duration?

    /// When it ended.
    public var finished: Duration?

    /// The times that it lost its place, in order.
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
