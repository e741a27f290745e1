/// The bounds of what a request may ask of the engine.
public enum EngineLimits {
    /// Stop strings of one request.
    public static let maxStopStrings = 64

    /// UTF-8 bytes of one stop string: what it may hold back of a stream.
    public static let maxStopBytes = 4_096

    /// Temperatures above 2 give noise; other engines refuse them as well.
    public static let maxTemperature = 2.0

    /// Temperatures below this one, 0 among them, always take the most likely token.
    public static let greedyTemperature = 1e-5

    /// The lowest temperature that samples: what is between is raised to it.
    public static let lowestTemperature = 0.01

    /// Alternatives reported for each token, where whoever checks the parameters says nothing
    /// else.
    public static let maxLogprobs = 20

    /// Answers drawn for one prompt.
    public static let maxBranches = 16_384

    /// Presence and frequency penalties are between this and its negative.
    public static let maxPenalty = 2.0

    /// Biases of logits are between this and its negative.
    public static let maxLogitBias = 100.0

    /// Sequences of tokens that the bad words of one request come to.
    public static let maxBadWords = 128

    /// UTF-8 bytes of one bad word.
    public static let maxBadWordBytes = 4_096

    /// Tokens of a pattern that repetition detection looks for: it compares as many for each
    /// token.
    public static let maxRepetitionPattern = 1_024

    /// Bad values that an error lists before it only counts them.
    static let maxListedValues = 16

    /// Requests that the recent hit rate of the prefix cache is taken over.
    public static let hitRateRequests = 1_000

    /// Beams of one search.
    public static let maxBeams = 1_024

    /// Length penalties are between this and its negative.
    public static let maxLengthPenalty = 100.0

    /// Events of the cache that a reader may be behind without losing any.
    public static let keptCacheEvents = 8_192

    /// Tokens that are proposed for a sequence at a time.
    static let maxDrafts = 16

    /// Tokens that an answer which tells of none before its end has room for at once.
    static let gatheredTokens = 4_096

    /// How long the engine's thread sleeps when all that it could run is on its way from a slower
    /// tier.
    static let transferPoll = Duration.milliseconds(1)
}
