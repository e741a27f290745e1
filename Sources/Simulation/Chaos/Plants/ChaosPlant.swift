/// A bug that is planted in a run: one that no checker finds is a hole in the net.
///
/// Production code has no branch for any of them. They strike between the modules: on the way of a
/// plan to the executor, in the file tier, as an order policy, as a clock, or between two turns in
/// the scheduler's cache, where they do what the bug would have done.
package enum ChaosPlant: String, Hashable, Sendable, CaseIterable {
    // MARK: On the way to the executor

    /// A copy on write, or of a partial hit, is forgotten.
    case missingCopy = "missing-copy"
    /// A shared block is written instead of its copy.
    case writeInPlace = "write-in-place"
    /// A table names a block of another request.
    case wrongEntry = "wrong-entry"
    /// A page is not brought back from the host tier.
    case missingLoad = "missing-load"
    /// Pages are stored after others were loaded or copied over them.
    case lateStore = "late-store"
    /// Two requests get each other's logits.
    case swappedOutputs = "swapped-outputs"
    /// A step that failed is reported as done.
    case silentFailure = "silent-failure"
    /// A row begins a position too late.
    case offByOne = "off-by-one"
    /// A block is returned while a window still sees it.
    case earlyWindow = "early-window"

    // MARK: In the file tier

    /// A record is reported as written and was not.
    case lostWrite = "lost-write"
    /// A read gives another record's page.
    case wrongRecord = "wrong-record"

    // MARK: In the cache

    /// A running request's blocks are given back twice.
    case doubleFree = "double-free"
    /// A reference is never given back.
    case lostBlock = "lost-block"
    /// A swapped sequence is forgotten and its slots stay pinned.
    case leakedSwap = "leaked-swap"
    /// The blocks of a step that failed can be hit.
    case staleHash = "stale-hash"
    /// A pin is forgotten.
    case leakedPin = "leaked-pin"
    /// An event of the cache is not told.
    case lostEvent = "lost-event"

    // MARK: In the policies and the engine

    /// A tenant is never chosen.
    case starvedTenant = "starved-tenant"
    /// The last to come is served first.
    case lastFirst = "last-first"
    /// The clock goes back.
    case clockBack = "clock-back"
    /// A cancellation is lost.
    case lostCancel = "lost-cancel"

    /// What it takes from a drawn script for the bug to have its chance.
    func suit(_ script: inout ChaosScript) {
        script.plant = self
        switch self {
        case .lastFirst: script.configuration.order = "fcfs"
        case .leakedSwap, .missingLoad, .lateStore:
            script.configuration.hostSlots = max(script.configuration.hostSlots, 12)
        case .lostWrite, .wrongRecord:
            script.configuration.hostSlots = max(script.configuration.hostSlots, 6)
            script.configuration.fileRecords = max(script.configuration.fileRecords, 24)
            script.configuration.caching = 1
        default: break
        }
    }
}
