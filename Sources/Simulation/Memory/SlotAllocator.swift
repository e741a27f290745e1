import KVCache

/// A way to give requests the slots that they need; a slot has room for the keys and values of one
/// token in all layers.
///
/// What `SaturatedBatching` asks of every policy, the engine's and the baselines alike.
protocol SlotAllocator {
    /// What a running request holds.
    associatedtype Holding

    /// Whether what is held grows with the tokens; else it is set when the request is admitted.
    var grows: Bool { get }

    /// Tokens that were copied to other slots so far.
    var copiedTokens: Int { get }

    /// Slots for a request that comes in, or comes back, with `tokens` tokens; nil: not now.
    ///
    /// - Parameter nothingRuns: whether no request runs, so that waiting would be in vain.
    mutating func admit(_ request: LengthSample, tokens: Int, nothingRuns: Bool) -> Holding?

    /// Makes room for `tokens` tokens; false, and nothing has changed, where there is none.
    mutating func grow(_ holding: inout Holding, tokens: Int) -> Bool

    /// Takes back what a request held.
    mutating func release(_ holding: inout Holding)

    /// Slots at the head of what every request holds that are the same for all.
    var sharedSlots: Int { get }

    /// Slots that a request holds, those that it shares included.
    func slots(of holding: Holding) -> Int

    /// Those of them that it did not ask for: the allocator's rounding.
    func rounding(of holding: Holding) -> Int
}

extension SlotAllocator {
    var sharedSlots: Int { 0 }
}
