/// The bounds of the scheduler.
public enum SchedulingLimits {
    /// Tokens of one step.
    public static let maxStepTokens = 1 << 20

    /// Requests that run at once.
    public static let maxRunning = 1 << 16

    /// Requests that wait, unless the configuration says less.
    public static let maxWaiting = 1 << 20

    /// Tokens of the prompts that wait, unless the configuration says less.
    public static let maxWaitingTokens = 1 << 32

    /// Sequences that one request is forked into.
    public static let maxBranches = 1 << 10

    /// Requests that the `prefix` order chooses among.
    public static let maxPrefixCandidates = 64

    /// How often a request has blocks fetched from the file before it goes on with those that came:
    /// enough for a prefix that fits the host tier only in parts.
    public static let maxFetches = 4

    /// Tokens that a running request's lists are made for at once; longer ones grow as they go.
    public static let maxReservedTokens = 1 << 17
}
