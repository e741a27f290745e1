/// The bounds of what a plan takes.
package enum PlanningLimits {
    /// Devices of one kind that a plan may count on.
    package static let devices = 4096
}
