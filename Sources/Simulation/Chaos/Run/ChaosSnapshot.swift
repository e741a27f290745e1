import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// What was counted after the turn before.
struct ChaosSnapshot {
    var statistics = EngineStatistics()
    var tiers = TierStatistics()
    var evictions = 0
    var failures = 0
    /// Whether the last step failed.
    var hasFailed = false
}

/// What the step of a turn was.
struct ChaosPlanned {
    var rows = 0
    var copies = 0
    var loads = 0
    var stores = 0
    /// Whether a table begins with blocks that left a window.
    var hasWindow = false
    /// Rows of sequences that were forked.
    var sequences: [SequenceID] = []
}

/// What a listener to the cache's events takes to be cached.
struct ChaosMirror {
    private struct Place: Hashable {
        let key: BlockKey
        let group: Int
        let medium: KVEvent.Medium
    }

    private var places: Set<Place> = []
    private(set) var position: UInt64 = 0

    /// Takes in what happened; what is wrong with it, if anything is.
    mutating func take(_ batch: KVEventBatch) -> String? {
        if batch.lost > 0 || batch.first != position { return "events are lost" }
        position += UInt64(batch.events.count)
        for event in batch.events {
            switch event {
            case .stored(let stored):
                if stored.tokens.count != stored.keys.count * stored.blockSize {
                    return "stored keys without their tokens"
                }
                for key in stored.keys {
                    let place = Place(key: key, group: stored.group, medium: stored.medium)
                    guard places.insert(place).inserted else {
                        return "a block of group \(stored.group) is stored twice in the "
                            + "\(stored.medium)"
                    }
                }
            case .removed(let keys, let group, let medium):
                for key in keys {
                    let place = Place(key: key, group: group, medium: medium)
                    guard places.remove(place) != nil else {
                        return "a block of group \(group) is removed that was not in the \(medium)"
                    }
                }
            case .cleared: places.removeAll()
            }
        }
        return nil
    }

    /// An event in words: its keys by their first digits.
    static func text(of event: KVEvent) -> String {
        func names(_ keys: [BlockKey]) -> String {
            keys.map { String($0.high >> 48, radix: 16) }.joined(separator: " ")
        }
        switch event {
        case .stored(let stored):
            return "stored \(names(stored.keys)) of group \(stored.group) in \(stored.medium)"
        case .removed(let keys, let group, let medium):
            return "removed \(names(keys)) of group \(group) from \(medium)"
        case .cleared: return "cleared"
        }
    }
}
