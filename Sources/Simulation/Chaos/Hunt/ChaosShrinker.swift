import QuireIdentifiers

/// Makes a failing script as small as it can be found to be: without events, requests and numbers
/// that the failure does not need.
///
/// Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
/// IEEE TSE 2002) over the list of events, and one thing after another for the rest, until nothing
/// can be left out.
package struct ChaosShrinker {
    /// Whether a script still fails in the same way.
    private let fails: (ChaosScript) throws -> Bool
    /// Scripts that were tried.
    package private(set) var attempts = 0
    private let deadline: ContinuousClock.Instant

    /// A shrinker.
    ///
    /// - Parameters:
    ///   - time: how long it goes on; the smallest script so far is what it gives then.
    ///   - fails: whether a script fails as the first one did; it is run for each try.
    package init(
        time: Duration = SimulationLimits.chaosShrinking,
        fails: @escaping (ChaosScript) throws -> Bool
    ) {
        self.fails = fails
        deadline = ContinuousClock.now + time
    }

    /// Whether no more is to be tried.
    private var isOver: Bool {
        attempts >= SimulationLimits.chaosAttempts || ContinuousClock.now >= deadline
    }

    /// The smallest script that was found.
    package mutating func shrink(_ script: ChaosScript) throws -> ChaosScript {
        var best = script
        best.seed = nil
        var before: ChaosScript
        repeat {
            before = best
            try dropEvents(&best)
            try dropRequests(&best)
            try simplifyEvents(&best)
            try simplifyRequests(&best)
            try simplifyMachine(&best)
        } while best != before && !isOver
        return best
    }

    /// Takes a candidate if it fails too.
    private mutating func take(
        _ best: inout ChaosScript, _ change: (inout ChaosScript) -> Void
    ) throws -> Bool {
        guard !isOver else { return false }
        var candidate = best
        change(&candidate)
        guard candidate != best else { return false }
        attempts += 1
        guard try fails(candidate) else { return false }
        best = candidate
        return true
    }

    private mutating func dropEvents(_ best: inout ChaosScript) throws {
        var size = max(1, best.events.count / 2)
        while true {
            var start = 0
            while start < best.events.count {
                let range = start..<min(start + size, best.events.count)
                if try !take(&best, { $0.events.removeSubrange(range) }) { start += size }
            }
            if size == 1 { return }
            size /= 2
        }
    }

    /// Drops requests that no event names, and numbers the others anew.
    private mutating func dropRequests(_ best: inout ChaosScript) throws {
        for index in best.requests.indices.reversed() {
            _ = try take(&best) { script in
                script.requests.remove(at: index)
                script.events = script.events.compactMap { $0.without(index) }
            }
        }
    }

    private mutating func simplifyEvents(_ best: inout ChaosScript) throws {
        for mode in [ChaosScript.Ending.drain] { _ = try take(&best) { $0.ending = mode } }
        for index in best.events.indices {
            // All that follows comes earlier too.
            let before = index == 0 ? 0 : best.events[index - 1].turn
            let gap = best.events[index].turn - before
            for shift in [gap, gap / 2, 1] where shift > 0 {
                let isTaken = try take(&best) { script in
                    for later in index..<script.events.count {
                        script.events[later].turn = max(0, script.events[later].turn - shift)
                    }
                }
                if isTaken { break }
            }
            _ = try take(&best) { script in
                if case .cancel(let request, _) = script.events[index].action {
                    script.events[index].action = .cancel(request, when: .now)
                }
            }
        }
    }

    private mutating func simplifyRequests(_ best: inout ChaosScript) throws {
        let plain = ChaosRequest()
        for index in best.requests.indices {
            for (_, path) in ChaosRequest.words {
                _ = try take(&best) { $0.requests[index][keyPath: path] = plain[keyPath: path] }
            }
            for (_, path) in ChaosRequest.numbers {
                _ = try take(&best) { $0.requests[index][keyPath: path] = plain[keyPath: path] }
            }
            _ = try take(&best) { $0.requests[index].stopTokens = [] }
            while best.requests[index].maxTokens > 1,
                try take(&best, { $0.requests[index].maxTokens -= 1 })
            {}
            try shorten(&best, index)
        }
    }

    /// Shortens a prompt from either end, then makes its tokens the first of the alphabet.
    private mutating func shorten(_ best: inout ChaosScript, _ index: Int) throws {
        var size = best.requests[index].prompt.count / 2
        while size > 0 {
            if best.requests[index].prompt.count > size {
                if try take(&best, { $0.requests[index].prompt.removeLast(size) }) { continue }
                if try take(&best, { $0.requests[index].prompt.removeFirst(size) }) { continue }
            }
            size /= 2
        }
        for place in best.requests[index].prompt.indices {
            _ = try take(&best) { $0.requests[index].prompt[place] = TokenID(0) }
        }
    }

    private mutating func simplifyMachine(_ best: inout ChaosScript) throws {
        let plain = ChaosConfiguration()
        for (_, path) in ChaosConfiguration.words {
            _ = try take(&best) { $0.configuration[keyPath: path] = plain[keyPath: path] }
        }
        for (_, path) in ChaosConfiguration.numbers {
            _ = try take(&best) { $0.configuration[keyPath: path] = plain[keyPath: path] }
        }
    }
}

extension ChaosEvent {
    /// The event in a script without a request; nil if it names that.
    fileprivate func without(_ request: Int) -> ChaosEvent? {
        func place(_ named: Int) -> Int? {
            named == request ? nil : named > request ? named - 1 : named
        }
        let changed: Action? =
            switch action {
            case .submit(let named): place(named).map { .submit($0) }
            case .cancel(let named, let moment): place(named).map { .cancel($0, when: moment) }
            case .drop(let named): place(named).map { .drop($0) }
            case .pin(let named, let millis): place(named).map { .pin($0, millis: millis) }
            case .pause, .resume, .reset, .unpin, .jump, .fail, .slow, .failTier, .failReads:
                action
            }
        return changed.map { ChaosEvent(turn: turn, action: $0) }
    }
}
