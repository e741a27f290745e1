/// What memory held step by step, thinned out so that it never grows beyond a chart's points.
package struct MemoryHistory: Hashable, Sendable {
    /// A step.
    package struct Moment: Hashable, Sendable {
        /// Its number, from 1.
        package let step: Int
        /// Slots that hold a token.
        package let tokens: Int
        /// Slots that a request will use later.
        package let reserved: Int
        /// Slots that a request never will use.
        package let internalWaste: Int
        /// Slots that nobody holds.
        package let external: Int
        /// Running requests.
        package let running: Int
    }

    /// Every `stride`-th step.
    package private(set) var moments: [Moment] = []
    /// Steps from one moment to the next.
    package private(set) var stride = 1

    /// Nothing yet.
    init() {}

    /// Adds a step by its sums before and after, unless it falls between two moments.
    mutating func add(step: Int, _ before: MemoryUse, _ after: MemoryUse) {
        guard (step - 1).isMultiple(of: stride) else { return }
        if moments.count == SimulationLimits.memoryMoments {
            moments = moments.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            stride *= 2
            guard (step - 1).isMultiple(of: stride) else { return }
        }
        moments.append(
            Moment(
                step: step, tokens: after.tokens - before.tokens,
                reserved: after.reserved - before.reserved,
                internalWaste: after.internalWaste - before.internalWaste,
                external: after.external - before.external,
                running: after.running - before.running))
    }
}

/// A policy's run.
package struct MemoryRun: Hashable, Sendable {
    /// What memory held on average.
    package let use: MemoryUse
    /// What it held step by step.
    package let history: MemoryHistory
}
