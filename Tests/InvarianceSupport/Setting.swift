package import KVCache
package import Scheduling

/// One way to run a workload: everything that may change when tokens are computed and must not
/// change which.
package struct Setting: Hashable, Sendable, CustomStringConvertible {
    package var prefixCaching = true
    package var chunk = 512
    package var blockSize = 16
    package var batch = 32
    package var preemption: SchedulerConfiguration.ForcedPreemption?
    package var order = OrderChoice.fcfs
    package var admission = AdmissionPolicy.watermark
    package var eviction = EvictionPolicy.lru
    package var n = 1
    package var threads = 1

    package init() {}

    package var description: String {
        let fault = preemption.map { "\($0.how) every \($0.every)" } ?? "none"
        return "prefix cache \(prefixCaching), chunk \(chunk), block \(blockSize), batch \(batch), "
            + "preemption \(fault), \(order), \(admission), \(eviction), n \(n), "
            + "threads \(threads)"
    }

    /// Every combination of the values of the promise.
    ///
    /// - Parameters:
    ///   - chunks: tokens of a prompt in one step.
    ///   - blockSizes: tokens of a block.
    ///   - batches: requests at once.
    package static func grid(
        chunks: [Int], blockSizes: [Int], batches: [Int]
    ) -> [Setting] {
        let faults: [SchedulerConfiguration.ForcedPreemption?] = [
            nil, .init(every: 3, how: .recompute), .init(every: 3, how: .swap),
        ]
        var settings = [Setting()]
        func vary<Value>(_ path: WritableKeyPath<Setting, Value>, _ values: [Value]) {
            settings = settings.flatMap { setting in
                values.map { value in
                    var varied = setting
                    varied[keyPath: path] = value
                    return varied
                }
            }
        }
        vary(\.chunk, chunks)
        vary(\.blockSize, blockSizes)
        vary(\.batch, batches)
        vary(\.prefixCaching, [false, true])
        vary(\.preemption, faults)
        vary(\.order, OrderChoice.all)
        vary(\.n, [1, 3])
        vary(\.threads, [1, 2])
        // What has a name of its own goes round, so that each meets each of the others.
        for index in settings.indices {
            settings[index].eviction = EvictionPolicy.all[index % EvictionPolicy.all.count]
            settings[index].admission = index / 7 % 2 == 0 ? .watermark : .reserve
        }
        return settings
    }
}
