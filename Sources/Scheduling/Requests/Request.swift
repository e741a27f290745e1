public import KVCache
public import QuireIdentifiers

/// What a client asks of the scheduler.
public struct Request: Hashable, Sendable {
    /// A number that no other waiting or running request has.
    public var id: SequenceID

    /// The tokens to start from, at least one.
    public var prompt: [TokenID]

    /// Tokens to generate at most; 0 asks for the logits of the prompt alone.
    public var maxTokens: Int

    /// The first position of the prompt whose logits are wanted; the last one, unless a text is
    /// to be scored.
    ///
    /// What the cache holds is not read from this position on: logits come of computing.
    public var firstOutput: Int

    /// Its class: lower ones run first, under an order policy that knows classes.
    public var priority = 0

    /// On whose account it runs; the `fair` policy shares the machine among tenants.
    public var tenant = ""

    /// The tenant's share relative to others, above 0; the last request's counts.
    public var weight = 1.0

    /// The salt and adapter that a request must have to read the prefixes that this one leaves, and
    /// whose prefixes this one may read.
    public var scope = PrefixScope.shared

    /// Whether it takes over what the cache has; what it computes is cached in any case.
    public var readsCache = true

    /// How long, and with which priority, its blocks are kept once they are unreferenced; nil: like
    /// any others.
    public var retention: RetentionPlan?

    /// Sequences that it will be forked into, itself included: the blocks that `reserve` sets
    /// aside.
    public var branches = 1

    /// When it arrived, where that is not the moment of `submit`: decides among equals.
    public var arrival: Duration?

    /// A request for the tokens that follow a prompt.
    ///
    /// - Parameters:
    ///   - id: a number that no other waiting or running request has.
    ///   - prompt: the tokens to start from, at least one.
    ///   - maxTokens: tokens to generate at most.
    ///   - firstOutput: the first position whose logits are wanted; by default the last.
    ///   - priority: its class, lower first.
    ///   - tenant: on whose account it runs.
    ///   - weight: the tenant's share.
    ///   - scope: what separates its cached prefixes from others'.
    ///   - retention: what its blocks are kept for.
    ///   - branches: sequences that it will be forked into, itself included.
    ///   - arrival: when it arrived, if not now.
    public init(
        id: SequenceID, prompt: [TokenID], maxTokens: Int, firstOutput: Int? = nil,
        priority: Int = 0, tenant: String = "", weight: Double = 1,
        scope: PrefixScope = .shared, retention: RetentionPlan? = nil, branches: Int = 1,
        arrival: Duration? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.maxTokens = maxTokens
        self.firstOutput = firstOutput ?? max(0, prompt.count - 1)
        self.priority = priority
        self.tenant = tenant
        self.weight = weight
        self.scope = scope
        self.retention = retention
        self.branches = branches
        self.arrival = arrival
    }
}
