public import KVCache
public import QuireIdentifiers

/// A prompt and how to continue it.
public struct GenerationRequest: Hashable, Sendable {
    /// The tokens to start from, fed exactly as they are.
    public var prompt: [TokenID]

    /// How to choose tokens and when to stop.
    public var parameters: SamplingParameters

    /// The class of the request: lower ones run first, under an order policy that knows classes.
    public var priority = 0

    /// The account that the request runs on; the `fair` policy shares the machine among tenants.
    public var tenant = ""

    /// The tenant's share relative to others, above 0.
    public var weight = 1.0

    /// Keeps its cached prefixes apart from those of other salts, so that the time to the first
    /// token does not tell what others have asked.
    public var cacheSalt: String?

    /// The adapter that the model runs with; none yet.
    public var adapter: String?

    /// How long, and with which priority, its blocks are kept once they are unreferenced, under the
    /// `priority` eviction policy.
    public var retention: RetentionPlan?

    /// Searches for the likeliest answers instead of drawing them.
    public var beam: BeamSearch?

    /// Whether it has news with every token; if not, only with its end.
    package var tellsTokens = true

    /// What the text of each of its answers must be, from its first token on.
    package var constraint: (any TokenConstraint)? {
        get { constraintRule?.constraint }
        set { constraintRule = newValue.map { ConstraintRule($0, ends: []) } }
    }

    /// The constraint, in what compares and hashes.
    private var constraintRule: ConstraintRule?

    /// Continues a prompt as the parameters say.
    public init(prompt: [TokenID], parameters: SamplingParameters) {
        self.prompt = prompt
        self.parameters = parameters
    }

    /// The scope of the cached prefixes that it may read.
    var scope: PrefixScope { PrefixScope(salt: cacheSalt, adapter: adapter) }
}
