/// A time that comes again and again, on its way into a histogram.
///
/// The tokens of a step are all there at once or nearly so, and so were those of the step before:
/// most times between tokens are one number, which is looked for among the bounds once.
struct RepeatedValue {
    private var time = Duration.zero
    private var count = 0

    /// Counts a time.
    mutating func add(_ time: Duration, to histogram: Histogram) {
        if time != self.time {
            flush(into: histogram)
            self.time = time
        }
        count += 1
    }

    /// Tells the histogram what it does not know yet.
    mutating func flush(into histogram: Histogram) {
        if count > 0 { histogram.observe(time / .seconds(1), count: count) }
        count = 0
    }
}
