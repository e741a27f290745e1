package import KVCache

/// Continuous batching in pretend time with all requests waiting at the start: who holds which
/// slots in every step.
///
/// A step: (1) where holdings grow, running requests in the order in which they came get room for
/// what they hold after the step, and while there is none the last running request loses its slots
/// and goes to the front of the queue; (2) if none did, requests are admitted from the front of the
/// queue until one does not fit; (3) every running request generates a token, the first in the step
/// of its admission; (4) use is recorded; (5) what is done leaves. After a step a request holds its
/// prompt and all generated tokens but the last, which is fed in the next step.
struct SaturatedBatching<Slots: SlotAllocator> {
    private struct Running {
        let number: Int
        let request: LengthSample
        var generated: Int
        var holding: Slots.Holding
    }

    private var slots: Slots
    private let requests: [LengthSample]
    private let mostRunning: Int
    private var running: [Running] = []
    /// The next request that never ran.
    private var next = 0
    /// Those that lost their slots, with what they have generated; the last is the queue's front.
    private var preempted: [(number: Int, generated: Int)] = []
    private var use: MemoryUse
    /// What memory held in some of the steps.
    private(set) var history = MemoryHistory()

    /// - Parameter mostRunning: requests that may run at once.
    init(_ slots: Slots, _ requests: [LengthSample], capacity: Int, mostRunning: Int) {
        self.slots = slots
        self.requests = requests
        self.mostRunning = mostRunning
        use = MemoryUse(capacity: capacity)
    }

    /// Answers everything.
    ///
    /// - Throws: `MemorySimulationError` when a request cannot run even alone.
    /// - Complexity: O(generated tokens), times what the allocator takes.
    mutating func run() throws(MemorySimulationError) -> MemoryUse {
        while !running.isEmpty || isAnyoneWaiting {
            try step()
        }
        use.copiedTokens = slots.copiedTokens
        return use
    }

    private var isAnyoneWaiting: Bool { next < requests.count || !preempted.isEmpty }

    private mutating func step() throws(MemorySimulationError) {
        let preemptions = use.preemptions
        if slots.grows { growRunning() }
        if use.preemptions == preemptions {
            admitWaiting()
            guard !running.isEmpty else {
                throw .doesNotFit(requests[preempted.last?.number ?? next])
            }
        }
        for index in running.indices { running[index].generated += 1 }
        use.generatedTokens += running.count
        use.steps += 1
        use.mostRunning = max(use.mostRunning, running.count)
        let before = use
        record()
        history.add(step: use.steps, before, use)
        if !isAnyoneWaiting { use = before }
        removeFinished()
    }

    private mutating func growRunning() {
        var index = 0
        while index < running.count {
            let tokens = running[index].request.prompt + running[index].generated
            while !slots.grow(&running[index].holding, tokens: tokens) {
                var last = running.removeLast()
                slots.release(&last.holding)
                preempted.append((last.number, last.generated))
                use.preemptions += 1
                if running.count == index { return }
            }
            index += 1
        }
    }

    private mutating func admitWaiting() {
        while isAnyoneWaiting, running.count < mostRunning {
            let (number, generated) = preempted.last ?? (next, 0)
            let request = requests[number]
            guard
                let holding = slots.admit(
                    request, tokens: request.prompt + generated, nothingRuns: running.isEmpty)
            else { return }
            if preempted.isEmpty { next += 1 } else { preempted.removeLast() }
            running.append(
                Running(number: number, request: request, generated: generated, holding: holding))
        }
    }

    private mutating func record() {
        let shared = slots.sharedSlots
        var held = shared
        use.tokens += shared
        use.saved += max(0, running.count - 1) * shared
        for item in running {
            let end = item.request.prompt + item.request.output - 1
            let tokens = item.request.prompt + item.generated - 1
            let slots = self.slots.slots(of: item.holding)
            let usable = min(slots, end)
            held += slots - shared
            use.tokens += tokens - shared
            use.reserved += usable - tokens
            use.internalWaste += slots - usable
            use.rounding += self.slots.rounding(of: item.holding)
        }
        use.external += use.capacity - held
        use.running += running.count
        use.saturatedSteps += 1
    }

    private mutating func removeFinished() {
        var kept = 0
        for index in running.indices {
            if running[index].generated == running[index].request.output {
                slots.release(&running[index].holding)
            } else {
                if kept != index { running.swapAt(kept, index) }
                kept += 1
            }
        }
        running.removeLast(running.count - kept)
    }
}

/// Why use of memory cannot be simulated.
package enum MemorySimulationError: Error, Hashable, Sendable {
    /// A request that never gets its slots, even when nothing else runs.
    case doesNotFit(LengthSample)
    /// Settings that make no cache; what is wrong with them.
    case settings(String)
}

extension MemorySimulationError: CustomStringConvertible {
    /// What is wrong, and what would do.
    package var description: String {
        switch self {
        case .doesNotFit(let request):
            "a request of \(request.prompt) prompt and \(request.output) output tokens never gets "
                + "the slots that it needs, even alone; give more --slots or a smaller --max-length"
        case .settings(let message): message
        }
    }
}
