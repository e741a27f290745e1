/// When requests come: the times between them, with a mean of `1 / rate` seconds.
struct Arrivals {
    private enum Kind {
        case poisson
        case uniform
        case gamma(shape: Double)
        case onOff(on: Double, off: Double)
        case atOnce
    }

    private let kind: Kind
    private let rate: Double
    /// Seconds from the start.
    private var time = 0.0

    static let words = ["poisson", "uniform", "gamma", "on-off", "at-once"]

    /// What the settings ask for: `arrivals`, `rate` (requests a second), `variation` of `gamma`,
    /// `on` and `off` (seconds).
    init(_ settings: inout WorkloadSettings) throws(TraceError) {
        rate = try settings.number("rate", 1, in: SimulationLimits.workloadRate)
        switch try settings.word("arrivals", of: Self.words) {
        case "uniform": kind = .uniform
        case "gamma":
            let variation = try settings.number(
                "variation", 2, in: SimulationLimits.workloadVariation)
            kind = .gamma(shape: 1 / (variation * variation))
        case "on-off":
            kind = .onOff(
                on: try settings.number("on", 30, in: SimulationLimits.workloadSeconds),
                off: try settings.number("off", 30, in: SimulationLimits.workloadSeconds))
        case "at-once": kind = .atOnce
        default: kind = .poisson
        }
    }

    /// The time of the next one. On-off: Poisson with the rate while on, nothing while off.
    mutating func next(_ random: inout SeededRandom) throws(TraceError) -> Duration {
        switch kind {
        case .poisson: time += random.exponential() / rate
        case .uniform: time += 1 / rate
        case .gamma(let shape): time += random.gamma(shape: shape) / rate
        case .atOnce: break
        case .onOff(let on, let off):
            time += random.exponential() / rate
            // `time` counts what is on; the pauses before it come in between.
            let pauses = (time / on).rounded(.down)
            return try Workload.moment(time + pauses * off)
        }
        return try Workload.moment(time)
    }
}
