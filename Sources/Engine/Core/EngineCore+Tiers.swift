import KVCache
import Scheduling

extension EngineCore {
    /// Waits until the file tier has done some work, if requests wait for it; false when they do
    /// not.
    func awaitTierWork() -> Bool {
        guard !scheduler.isIdle, scheduler.awaitsTierWork else { return false }
        scheduler.completeTierWork(executor.takeCompletions(waiting: true))
        return true
    }

    /// Writes what is cached to the file tier and waits until it is there. When nothing runs.
    func savePrefixCache() {
        executor.start(scheduler.savePrefixCache())
        while scheduler.awaitsTierWork {
            let completions = executor.takeCompletions(waiting: true)
            guard !completions.isEmpty else { return }
            scheduler.completeTierWork(completions)
        }
    }
}
