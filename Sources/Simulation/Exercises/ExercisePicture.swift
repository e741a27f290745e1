/// What there is to see of an answer: values, for whoever draws them.
package enum ExercisePicture: Hashable, Sendable {
    /// Requests of one batch, on the same time axis: each works, and then waits for the longest.
    case batch(title: String, caption: String, completions: [Int])
    /// What holds tokens and what does not, of several things.
    case waste(title: String, caption: String, kinds: String, names: [String], shares: [Double])
    /// Times by length, both on logarithmic axes.
    case times(title: String, caption: String, lengths: [Int], series: [Times])

    /// A curve of times.
    package struct Times: Hashable, Sendable {
        /// What was timed.
        package let name: String
        /// Seconds, one a length.
        package let seconds: [Double]

        /// A curve.
        package init(_ name: String, _ seconds: [Double]) {
            self.name = name
            self.seconds = seconds
        }
    }
}
