/// The bounds of what a report draws.
package enum ReportingLimits {
    /// Points of one line of a chart: more are thinned out, since no screen shows them.
    package static let linePoints = 2000
}
