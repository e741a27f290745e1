import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling

/// Plants a bug where its place is.
struct ChaosSaboteur {
    let plant: ChaosPlant?
    /// Whether a bug that strikes once has struck.
    private var hasStruck = false
    private(set) var clock: ClockPlant?

    init(_ plant: ChaosPlant?) {
        self.plant = plant
        clock = plant == .clockBack ? ClockPlant() : nil
    }

    /// On the way of plans.
    var plan: PlanPlant? {
        switch plant {
        case .missingCopy, .writeInPlace, .wrongEntry, .missingLoad, .lateStore, .swappedOutputs,
            .silentFailure, .offByOne, .earlyWindow:
            plant.map { PlanPlant(plant: $0) }
        default: nil
        }
    }

    /// In the file tier.
    var file: FilePlant? {
        switch plant {
        case .lostWrite, .wrongRecord: plant.map { FilePlant(plant: $0) }
        default: nil
        }
    }

    /// As an order policy.
    var order: (any OrderPolicy)? {
        switch plant {
        case .starvedTenant: StarvingOrder()
        case .lastFirst: LastFirstOrder()
        default: nil
        }
    }

    /// Whether a cancellation is lost.
    func losesCancel() -> Bool { plant == .lostCancel }

    /// Between two turns.
    mutating func strike(_ run: ChaosRun) {
        guard let plant, !hasStruck else { return }
        switch plant {
        case .doubleFree:
            hasStruck = run.tamper { cache, running in
                guard var blocks = running.first?.blocks, blocks.liveCount > 0 else { return false }
                cache.release(&blocks)
                return true
            }
        case .lostBlock:
            hasStruck = run.tamper { cache, running in
                guard let blocks = running.first?.blocks, blocks.liveCount > 0 else { return false }
                _ = cache.fork(blocks)
                return true
            }
        case .leakedSwap:
            hasStruck = run.tamper { cache, running in
                guard let state = running.first, state.blocks.liveCount > 0 else { return false }
                var blocks = cache.fork(state.blocks)
                if cache.swapOut(&blocks, computed: state.computed) != nil { return true }
                cache.release(&blocks)
                return false
            }
        case .staleHash: hasStruck = plantStaleHash(run)
        case .leakedPin:
            hasStruck = run.clients.contains { client in
                run.loop.withScheduler { scheduler in
                    (try? scheduler.pin(client.request.prompt, now: run.clock.now)) != nil
                }
            }
        case .lostEvent:
            hasStruck = run.loop.withScheduler { !$0.takeCacheEvents().isEmpty }
        default: break
        }
    }

    /// What a step that failed should have written can be hit.
    private func plantStaleHash(_ run: ChaosRun) -> Bool {
        guard run.executor.report.failures > run.seen.failures else { return false }
        return run.clients.contains { client in
            let request = client.request
            let size = run.layout.blockSize
            let full = request.prompt.count / size * size
            guard client.id != nil, full > 0, request.salt.isEmpty else { return false }
            return run.tamper { cache, _ in
                var blocks = cache.makeSequence()
                var keys = PrefixKeys()
                let known = cache.match(&keys, tokens: request.prompt, limit: full)
                guard known.tokens == 0, cache.grow(&blocks, tokens: full) else { return false }
                cache.commit(&blocks, &keys, tokens: request.prompt, upTo: full)
                cache.settle()
                cache.release(&blocks)
                return true
            }
        }
    }
}

extension ChaosRun {
    /// Does to the cache what a bug would do; the requests that run are shown.
    fileprivate func tamper(_ body: (inout PagedCache, RequestList) -> Bool) -> Bool {
        loop.withScheduler { scheduler in
            let running = scheduler.running
            return scheduler.tamper { cache in body(&cache, running) }
        }
    }
}

/// A clock that goes back.
struct ClockPlant {
    /// The time as it is told.
    func distort(_ time: Duration) -> Duration {
        // Of every 8 ms the last one comes before the others.
        Int(time / .milliseconds(1)) % 8 == 7 ? time - .milliseconds(7) : time
    }
}

/// An order that never chooses a tenant.
struct StarvingOrder: OrderPolicy {
    mutating func lane(of request: Request) -> Int { request.tenant == "b" ? 1 : 0 }

    mutating func nextLane(of queue: QueueView) -> Int? {
        queue.waiting.first ?? 0 > 0 ? 0 : nil
    }
}

/// The last to come first.
struct LastFirstOrder: OrderPolicy {
    func position(of request: Request, arrival: Duration) -> QueueKey {
        QueueKey(major: -Int(request.id.rawValue), minor: arrival)
    }
}
