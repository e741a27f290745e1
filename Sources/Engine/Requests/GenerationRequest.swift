public import KVCache
public import QuireIdentifiers

/// A prompt and how to continue it.
public struct GenerationRequest: Hashable, Sendable {
    /// The tokens to start from, fed exactly as they are.
    public var prompt: [TokenID]

    /// How to choose tokens and when to stop.
    public var parameters: SamplingParameters

    /// Its class: lower ones run first, under an order policy that knows classes.
    public var priority = 0

    /// On whose account it runs; the `fair` policy shares the machine among tenants.
    public var tenant = ""

    /// The tenant's share relative to others, above 0.
    public var weight = 1.0

    /// Keeps its cached prefixes apart from those of other salts, so that nobody can learn by the
    /// time to the first token what others have asked.
    public var cacheSalt: String?

    /// The adapter that the model runs with; none yet.
    public var adapter: String?

    /// What its blocks are kept for once they are free, under the `priority` eviction policy.
    public var retention: RetentionPlan?

    /// Searches for the likeliest answers instead of drawing them.
    public var beam: BeamSearch?

    /// What the text of each of its answers must be, from its first token on.
    package var constraint: (any TokenConstraint)? {
        get { constraintRule?.constraint }
        set { constraintRule = newValue.map { ConstraintRule($0, ends: []) } }
    }

    /// The constraint, in what compares and hashes.
    private var constraintRule: ConstraintRule?

    /// A request.
    public init(prompt: [TokenID], parameters: SamplingParameters) {
        self.prompt = prompt
        self.parameters = parameters
    }

    /// Whose cached prefixes it may read.
    var scope: PrefixScope { PrefixScope(salt: cacheSalt, adapter: adapter) }
}
