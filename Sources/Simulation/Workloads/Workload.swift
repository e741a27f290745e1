/// Requests that are drawn instead of recorded, as a user describes them.
///
/// ```
/// independent: requests=1000, rate=4, prompt=lognormal/161/1.5, output=lognormal/338/1
/// chat:        sessions=100, turns=1..8, system=200, user=lognormal/60/1, think=exponential/20
/// tree:        problems=20, prompt=300, thought=80, branches=3, depth=3
/// few-shot:    requests=500, tasks=4, shots=1200, question=60, output=20
/// ```
///
/// All kinds take `arrivals` (`poisson`, `uniform`, `gamma`, `on-off`, `at-once`), `rate` (a
/// second; of sessions and problems where there are these) and `tenants`. Prompts that begin alike
/// have equal ids for the blocks that they share.
package enum Workload {
    /// Tokens that a block id of a drawn trace stands for.
    package static let tokensPerBlock = 16

    /// The kinds.
    package static let kinds = ["independent", "chat", "tree", "few-shot"]

    /// Draws a workload; equal words and seeds give equal requests.
    ///
    /// - Throws: `TraceError` for words that are none.
    /// - Returns: requests in the order of their arrival.
    package static func draw(_ text: String, seed: UInt64) throws(TraceError) -> Trace {
        var settings = try WorkloadSettings(text)
        var random = SeededRandom(seed: seed)
        let common = try CommonSettings(&settings)
        var requests: [TraceRequest]
        switch settings.kind {
        case "independent":
            let kind = try IndependentWorkload(&settings)
            try settings.finish()
            requests = try kind.draw(common, &random)
        case "chat":
            let kind = try ChatWorkload(&settings)
            try settings.finish()
            requests = try kind.draw(common, &random)
        case "tree":
            let kind = try TreeWorkload(&settings)
            try settings.finish()
            requests = try kind.draw(common, &random)
        case "few-shot":
            let kind = try FewShotWorkload(&settings)
            try settings.finish()
            requests = try kind.draw(common, &random)
        default:
            throw TraceError(
                "\"\(settings.kind.prefix(40))\" is no kind of workload; there are "
                    + kinds.joined(separator: ", "))
        }
        let isShared = requests.contains { !$0.blocks.isEmpty }
        if requests.count > SimulationLimits.workloadRequests { throw tooMany }
        let trace = Trace(
            name: text, requests: requests, tokensPerBlock: isShared ? tokensPerBlock : nil)
        guard trace.isCountable else { throw tooLate }
        return trace.inOrderOfArrival
    }

    /// A time from the start.
    ///
    /// - Throws: `TraceError` for one that no simulation gets to.
    static func moment(_ seconds: Double) throws(TraceError) -> Duration {
        guard seconds <= SimulationLimits.traceSeconds else { throw tooLate }
        return .seconds(seconds)
    }

    private static var tooLate: TraceError {
        TraceError(
            "requests come after more than \(SimulationLimits.traceSeconds) s; ask for a larger "
                + "rate, shorter pauses or fewer requests")
    }

    /// The error for workloads of more requests than are drawn.
    static var tooMany: TraceError {
        TraceError(
            "the workload has more than \(SimulationLimits.workloadRequests) requests; ask for "
                + "fewer")
    }
}

/// What all kinds have.
struct CommonSettings {
    var arrivals: Arrivals
    let tenants: Int

    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        arrivals = try Arrivals(&settings)
        tenants = try settings.count("tenants", 0, in: 0...SimulationLimits.tenants)
    }

    /// Somebody of the tenants; nil when there are none.
    func tenant(_ random: inout SeededRandom) -> String? {
        tenants == 0 ? nil : "tenant-\(random.integer(in: 1...tenants))"
    }
}
