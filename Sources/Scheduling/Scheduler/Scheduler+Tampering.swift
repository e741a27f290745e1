package import KVCache

extension Scheduler {
    /// Lets a simulation do to the cache what a bug would do: what the checks are for is tried out
    /// so. Nothing else calls it.
    package mutating func tamper<Answer>(_ body: (inout PagedCache) -> Answer) -> Answer {
        body(&cache)
    }
}
