package import KVCache
package import Scheduling

/// The machine of a chaos run: the cache, the scheduler, what the executor costs and which of the
/// legal choices it makes.
///
/// Every number has a name in the script's text (`ChaosConfiguration.numbers`, `.words`), so that a
/// failing run can be written down, read and changed by hand.
package struct ChaosConfiguration: Hashable, Sendable {
    // MARK: The cache

    /// The attention spans of the layers: `full`, or a window's tokens, joined by `+`.
    package var spans = "full"
    /// Blocks that can hold tokens.
    package var blocks = 16
    /// Tokens of a block.
    package var blockSize = 2
    /// Tokens of the longest sequence.
    package var length = 16
    /// Whether prefixes are cached: 0 or 1.
    package var caching = 1
    /// The eviction policy's name.
    package var eviction = "lru"
    /// The share of the blocks that may be pinned, in percent.
    package var pinned = 25
    /// Blocks of the host tier.
    package var hostSlots = 0
    /// What the host tier forgets first: `lru` or `arc`.
    package var hostPolicy = "lru"
    /// How often a block is asked for before the host tier stores it.
    package var storeThreshold = 1
    /// Records of the file tier.
    package var fileRecords = 0

    // MARK: The scheduler

    /// Tokens of a row.
    package var chunk = 8
    /// Tokens of a step.
    package var stepTokens = 32
    /// Outputs of a step.
    package var stepOutputs = 32
    /// Requests that run at once.
    package var running = 4
    /// Requests that may wait.
    package var waiting = 1_000
    /// Tokens of prompts that may wait.
    package var waitingTokens = 1_000_000
    /// The order policy's name.
    package var order = "fcfs"
    /// The number of `priority` (ageing) and `prefix` (longest wait), in microseconds; 0: its
    /// default.
    package var orderMicros = 0
    /// The admission policy's name.
    package var admission = "reserve"
    /// The share of the pool that `watermark` and `fixed-watermark` keep free, in percent.
    package var headroom = 1
    /// What a better class may take: `none`, `blocks` or `blocks-and-slots`.
    package var classes = "blocks-and-slots"
    /// The inter-token target, in microseconds; 0: none.
    package var target = 0
    /// Tokens of prompts that a step may have whatever the target says.
    package var minPrefill = 16
    /// Steps from one injected preemption to the next; 0: none.
    package var preemptEvery = 0
    /// How injected preemptions are undone: `recompute` or `swap`.
    package var preemptHow = "recompute"
    /// Proposals for each sequence that a drafter makes at most; 0: no drafter.
    package var drafts = 0

    // MARK: The executor

    /// What a step costs, in microseconds.
    package var stepMicros = 200
    /// What each of its tokens costs besides, in microseconds.
    package var tokenMicros = 20
    /// The longest that an operation of the file tier takes, in microseconds.
    package var tierMicros = 0
    /// Whether operations of the file tier may end in another order: 0 or 1.
    package var tierReorders = 0
    /// Bytes that it says to move in a second; 0: it says nothing.
    package var bandwidth = 0
    /// Whether it knows the largest logit: 0 or 1.
    package var knowsPeak = 0
    /// A token at whose sight the logits are no numbers; the vocabulary's size: none.
    package var poison = ChaosModel.vocabularySize
    /// What its legal choices are drawn from: how much of a failing step it does, which operation
    /// of a tier ends when.
    package var whims = 1

    /// The defaults: a small machine without trouble.
    package init() {}
}

extension ChaosConfiguration {
    /// The numbers, by their names in the text.
    package static let numbers: ChaosFields<Self, Int> = [
        ("blocks", \.blocks), ("block-size", \.blockSize), ("length", \.length),
        ("caching", \.caching), ("pinned", \.pinned), ("host-slots", \.hostSlots),
        ("store-threshold", \.storeThreshold), ("file-records", \.fileRecords),
        ("chunk", \.chunk), ("step-tokens", \.stepTokens), ("step-outputs", \.stepOutputs),
        ("running", \.running), ("waiting", \.waiting), ("waiting-tokens", \.waitingTokens),
        ("order-us", \.orderMicros), ("headroom", \.headroom), ("target-us", \.target),
        ("min-prefill", \.minPrefill), ("preempt-every", \.preemptEvery), ("drafts", \.drafts),
        ("step-us", \.stepMicros), ("token-us", \.tokenMicros), ("tier-us", \.tierMicros),
        ("tier-reorders", \.tierReorders), ("bandwidth", \.bandwidth),
        ("knows-peak", \.knowsPeak), ("poison", \.poison), ("whims", \.whims),
    ]

    /// The numbers that something is made for so many times.
    static let extents: Set = [
        "blocks", "block-size", "length", "host-slots", "file-records", "chunk", "step-tokens",
        "step-outputs", "running", "drafts",
    ]

    /// The words, by their names in the text.
    package static let words: ChaosFields<Self, String> = [
        ("spans", \.spans), ("eviction", \.eviction), ("host-policy", \.hostPolicy),
        ("order", \.order), ("admission", \.admission), ("classes", \.classes),
        ("preempt-how", \.preemptHow),
    ]
}

extension ChaosConfiguration {
    /// The spans as the planner takes them; nil for a word that it does not know.
    package var attentionSpans: [AttentionSpan]? {
        let parts = spans.split(separator: "+").map { part -> AttentionSpan? in
            if part == "full" { return .full }
            guard let window = Int(part), window >= 2 else { return nil }
            return .slidingWindow(window)
        }
        return parts.isEmpty || parts.contains(nil) ? nil : parts.compactMap { $0 }
    }

    /// The layout of the cache.
    ///
    /// - Throws: `ChaosError` and what the planner says.
    package func makeLayout() throws -> CacheLayout {
        guard let spans = attentionSpans else {
            throw ChaosError("spans are \(spans); give `full` or windows of 2 or more, joined by +")
        }
        return try KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 2), blockSize: blockSize,
            maxModelLength: length, maxChunk: chunk
        ).plan(blockCount: blocks + 1)
    }

    /// The scheduler's configuration.
    ///
    /// - Throws: `ChaosError` for a name that there is not.
    package func makeScheduler() throws(ChaosError) -> SchedulerConfiguration {
        var made = SchedulerConfiguration(
            maxStepTokens: stepTokens, maxStepOutputs: stepOutputs, maxChunk: chunk,
            maxRunning: running, maxWaiting: waiting)
        made.maxWaitingTokens = waitingTokens
        made.order = try orderChoice
        made.admission = try admissionPolicy
        made.classPreemption = try Self.known(.init(rawValue: classes), classes)
        made.interTokenTarget = target > 0 ? .microseconds(target) : nil
        made.minPrefill = minPrefill
        made.cache = CacheConfiguration(
            prefixCaching: caching != 0,
            eviction: try Self.known(EvictionPolicy(name: eviction), eviction),
            seed: UInt64(bitPattern: Int64(whims)), pinnedShare: Double(pinned) / 100,
            recordsEvents: true, hostSlots: hostSlots)
        made.cache.hostPolicy = try Self.known(.init(rawValue: hostPolicy), hostPolicy)
        made.cache.storeThreshold = storeThreshold
        // Without pages to fetch into there is no file, also where a shrinker took them away.
        made.cache.fileRecords = hostSlots > 0 ? fileRecords : 0
        if preemptEvery > 0 {
            made.forcedPreemption = .init(
                every: preemptEvery,
                how: try Self.known(.init(rawValue: preemptHow), preemptHow))
        }
        return made
    }

    private var orderChoice: OrderChoice {
        get throws(ChaosError) {
            let chosen = try Self.known(OrderChoice(name: order), order)
            guard orderMicros > 0 else { return chosen }
            switch chosen {
            case .priority: return .priority(ageing: .microseconds(orderMicros))
            case .prefix: return .prefix(maxWait: .microseconds(orderMicros))
            default: return chosen
            }
        }
    }

    private var admissionPolicy: AdmissionPolicy {
        get throws(ChaosError) {
            switch admission {
            case "watermark": .watermark(headroom: Double(headroom) / 100)
            case "fixed-watermark": .fixedWatermark(headroom: Double(headroom) / 100)
            default: try Self.known(AdmissionPolicy(name: admission), admission)
            }
        }
    }

    private static func known<Value>(
        _ value: Value?, _ name: String
    ) throws(ChaosError) -> Value {
        guard let value else { throw ChaosError("there is no \(name) to choose") }
        return value
    }
}

/// What is wrong with a script, in words for a person.
package struct ChaosError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The words.
    package let description: String

    /// An error.
    package init(_ description: String) {
        self.description = description
    }
}

/// The fields of a part of a script, by their names in the text.
package typealias ChaosFields<Part, Value> = [(
    name: String, path: any WritableKeyPath<Part, Value> & Sendable
)]
