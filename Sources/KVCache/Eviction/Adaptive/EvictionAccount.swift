/// What a policy may put at stake against LRU: the hits that it has won and not lost again, and a
/// small part of LRU's own.
///
/// The stake is the number of ghosts (`LRUTwin`). Were no more of them allowed than there is
/// credit, then no trace whatever could bring the policy further below LRU than that small part.
/// But few ghosts come back before LRU lets go of them as well, so as many are allowed as would
/// use the credit up at the rate at which they come back: three for each hit of credit at most, and
/// one for each in a small cache, and while more was lost than won.
struct EvictionAccount: Sendable {
    /// In parts of a hit: whole numbers, so that sums are exact.
    private(set) var credit = 0
    /// Hits of LRU, those that it would have had alone, and those that it would not have had.
    private(set) var hits = 0
    private(set) var losses = 0
    private(set) var wins = 0
    /// Of late: ghosts that were asked for, and that LRU let go of as well.
    private var lostGhosts = 0
    private var harmlessGhosts = 0

    /// Keys that LRU let go of before it had a hit.
    private var passed = 0

    private static let one = 1_000

    /// Both had a hit.
    mutating func noteHit(resident: Int) {
        hits += 1
        earn(KVCacheLimits.stakePerThousandHits, resident)
    }

    /// A hit that LRU would not have had.
    mutating func noteWin(resident: Int) {
        wins += 1
        earn(Self.one, resident)
    }

    /// A ghost was asked for: a hit that LRU would have had.
    mutating func noteLoss(resident: Int) {
        noteHit(resident: resident)
        losses += 1
        credit -= Self.one
        lostGhosts += 1
        forgetGhosts(resident)
    }

    /// LRU let go of a ghost.
    mutating func noteHarmless(resident: Int) {
        harmlessGhosts += 1
        forgetGhosts(resident)
    }

    /// LRU let go of a key.
    mutating func notePassed() { if hits == 0 { passed += 1 } }

    private mutating func forgetGhosts(_ resident: Int) {
        guard lostGhosts + harmlessGhosts > KVCacheLimits.riskTurnovers * resident else { return }
        lostGhosts /= 2
        harmlessGhosts /= 2
    }

    /// What was won long ago is no reason to lose more than a cache full of hits.
    private mutating func earn(_ amount: Int, _ resident: Int) {
        credit = min(credit + amount, Self.one * resident)
    }

    /// How likely a ghost is to be asked for while LRU would hold it: certain, as long as few
    /// have shown otherwise.
    var risk: Double {
        let doubt = KVCacheLimits.stakeDoubt
        return (Double(lostGhosts) + doubt) / (Double(lostGhosts + harmlessGhosts) + doubt)
    }

    /// Whether there may be one ghost more than there are. LRU that had no hit while the cache's
    /// content changed once has none to lose.
    func allows(_ ghosts: Int, resident: Int) -> Bool {
        guard hits > 0 else { return passed >= resident && (ghosts == 0 || ghosts < wins) }
        let isCertain = wins < losses || resident < KVCacheLimits.countedGhostBlocks
        let most = isCertain ? 1 : max(KVCacheLimits.leastRisk, risk)
        return credit >= Self.one && Double(ghosts) * most < Double(credit) / Double(Self.one)
    }
}
