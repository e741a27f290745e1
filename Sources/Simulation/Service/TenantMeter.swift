import QuireIdentifiers
import Scheduling

/// The service that tenants have had over time, counted from the steps and not by the scheduler: a
/// token of a prompt counts 1 when its request has its first step, a token of an answer 2 (the
/// prices of the VTC paper).
package final class TenantMeter {
    /// Every tenant's service at the end of an interval.
    package struct Moment: Hashable, Sendable {
        /// Nanoseconds.
        package var time: Int64
        /// By tenant.
        package var service: [Double]
    }

    /// The course so far: at most twice `ServiceLimits.intervals` moments.
    package private(set) var moments: [Moment]

    private var interval: Int64 = 1_000_000
    private var service: [Double]
    private var requests: [(tenant: Int, prompt: Int, isSeen: Bool)] = []

    /// - Parameter tenants: how many there are.
    package init(tenants: Int) {
        service = Array(repeating: 0, count: tenants)
        moments = [Moment(time: 0, service: service)]
    }

    /// The next sequence that the engine numbers is a tenant's.
    func add(tenant: Int, promptTokens: Int) {
        requests.append((tenant: tenant, prompt: promptTokens, isSeen: false))
    }

    /// Counts a step that ended at a time.
    func note(_ plan: borrowing StepPlan, at time: Int64) {
        for row in plan.rows {
            let number = Int(row.sequence.rawValue)
            let tenant = requests[number].tenant
            if !requests[number].isSeen {
                requests[number].isSeen = true
                service[tenant] += Double(requests[number].prompt)
            }
            if row.samples { service[tenant] += 2 }
        }
        guard time >= (moments.last?.time ?? 0) + interval else { return }
        moments.append(Moment(time: time, service: service))
        guard moments.count > 2 * ServiceLimits.intervals else { return }
        interval *= 2
        moments = moments.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }

    /// The course with its last moment.
    func course(until time: Int64) -> [Moment] {
        moments + [Moment(time: max(time, moments.last?.time ?? 0), service: service)]
    }
}
