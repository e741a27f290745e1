package import Scheduling

/// What a simulated service did.
package struct ServiceResult: Sendable {
    /// What became of each request, in the order of the trace.
    package var requests: [ServedRequest]

    /// Who asked, in the order of their first requests; one without a name where the trace has
    /// none.
    package var tenants: [String]

    /// The gaps between tokens.
    package var gaps: [TokenMeter.Gaps]

    /// Steps, all machines together.
    package var steps: Int

    /// Nanoseconds that steps took, all machines together.
    package var busy: Int64

    /// Nanoseconds that the host took between steps, all machines together.
    package var host: Int64

    /// What each machine's scheduler counted.
    package var statistics: [SchedulerStatistics]

    /// How busy the machines were over the time.
    package var course: ServiceCourse

    /// The tenants' service over time on the first machine; empty where it was not asked for.
    package var tenantCourse: [TenantMeter.Moment]

    /// What checking the bound of the `fair` order found, by machine; empty where it was not
    /// checked.
    package var fairness: [FairnessCheck.Finding]

    /// Stands for all that happened.
    package var hash: UInt64
}
