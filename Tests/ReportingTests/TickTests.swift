import Testing

@testable import Reporting

/// Ticks are where a person would put them, and say so exactly.
struct TickTests {
    private func axis(
        _ axis: Axis, _ extent: ClosedRange<Double>?, _ fit: AxisFit = .rounded, count: Int = 6
    ) -> ResolvedAxis {
        ResolvedAxis(axis, extent: extent, fit: fit, count: count)
    }

    private func labels(_ axis: Axis, _ extent: ClosedRange<Double>?, count: Int = 6) -> [String] {
        self.axis(axis, extent, count: count).ticks.map(\.label)
    }

    @Test func `linear ticks are multiples of 1, 2 or 5`() {
        #expect(labels(Axis("x"), 0...9.3) == ["0", "2", "4", "6", "8", "10"])
        #expect(labels(Axis("x"), 0...0.31) == ["0", "0.1", "0.2", "0.3", "0.4"])
        #expect(labels(Axis("x"), 0...23) == ["0", "5", "10", "15", "20", "25"])
        #expect(labels(Axis("x"), -3...8) == ["-5", "0", "5", "10"])
        #expect(labels(Axis("x"), 0...12_345) == ["0", "5,000", "10,000", "15,000"])
    }

    @Test func `no rounding shows in a label or a place`() {
        let ticks = axis(Axis("x"), 0...0.7, count: 8).ticks
        #expect(ticks.map(\.value) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
        #expect(ticks.map(\.label) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"])
    }

    @Test func `units stand in the title, and prefixes fit the largest value`() {
        let bytes = axis(Axis("Memory", .binaryBytes), 0...(36 * 1_073_741_824))
        #expect(bytes.title == "Memory (GiB)")
        #expect(bytes.ticks.map(\.label) == ["0", "10", "20", "30", "40"])
        #expect(bytes.high == 40 * 1_073_741_824)
        #expect(axis(Axis("Size", .decimalBytes), 0...8e9).title == "Size (GB)")
        #expect(axis(Axis("Time", .seconds), 0...0.25).title == "Time (ms)")
        #expect(
            axis(Axis("Time", .seconds), 0...600).ticks.map(\.label) == [
                "0", "2", "4", "6", "8", "10",
            ])
        #expect(axis(Axis("Time", .seconds), 0...600).title == "Time (min)")
        #expect(axis(Axis("Time", .seconds), 0...86_400).title == "Time (h)")
        #expect(
            axis(Axis("Rate", .percent), 0...0.366).ticks.map(\.label) == [
                "0", "10", "20", "30", "40",
            ])
        #expect(axis(Axis("Speed", .metric("FLOP/s")), 0...312e12).title == "Speed (TFLOP/s)")
        #expect(
            labels(Axis("Tokens", .count("tokens")), 0...2.5e6) == [
                "0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M",
            ])
    }

    @Test func `a title does not say its unit twice`() {
        #expect(axis(Axis("Sequences", .count("sequences")), 0...5).title == "Sequences")
        #expect(axis(Axis("", .count("blocks")), 0...5).title == "blocks")
    }

    @Test func `very small and very large values have a power in the title`() {
        let small = axis(Axis("x"), 0...3e-9)
        #expect(small.title == "x (×10⁻⁹)")
        #expect(small.ticks.map(\.label) == ["0", "1", "2", "3"])
        #expect(axis(Axis("x"), 0...4e20).title == "x (×10²⁰)")
    }

    @Test func `heights begin at zero, positions where their values do`() {
        #expect(axis(Axis("y"), 40...55).low == 0)
        #expect(axis(Axis("y"), -9...(-4)).high == 0)
        #expect(axis(Axis("x"), 40...55, .tight).low == 40)
        #expect(axis(Axis("x"), 40...55, .tight).high == 55)
        #expect(axis(Axis("x", from: 30), 41...54, .tight).low == 30)
        #expect(axis(Axis("y", to: 1), 0...0.3).high == 1)
    }

    @Test func `an axis without a length gets one`() {
        #expect(
            axis(Axis("x"), nil).ticks.map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(axis(Axis("x"), 0...0).high == 1)
        let one = axis(Axis("x"), 3...3, .tight)
        #expect((one.low, one.high) == (1.5, 4.5))
        #expect(axis(Axis("x", to: 7), 7...7, .tight).low == 0)
        #expect(axis(Axis("x", spacing: .log), nil).high == 10)
        #expect(axis(Axis("x", spacing: .log), 5...5, .tight).high == 10)
    }

    @Test func `logarithmic ticks are powers, finer where there are few`() {
        let log = Axis("x", .count("blocks"), spacing: .log)
        #expect(labels(log, 1000...30_000) == ["1,000", "10,000", "100,000"])
        #expect(
            labels(log, 1000...30_000, count: 9) == [
                "1,000", "2,000", "5,000", "10,000", "20,000", "50,000", "100,000",
            ])
        #expect(
            labels(Axis("x", spacing: .log), 1e-9...1e12, count: 4) == ["1×10⁻⁶", "1", "1M", "1T"])
        let two = Axis("Block", .count("tokens"), spacing: .log2)
        #expect(
            labels(two, 1...256, count: 9) == ["1", "2", "4", "8", "16", "32", "64", "128", "256"])
        #expect(labels(two, 1...256, count: 4) == ["1", "8", "64"])
        #expect(
            labels(Axis("t", .seconds, spacing: .log), 0.001...100, count: 8) == [
                "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s",
            ])
        #expect(
            labels(Axis("m", .binaryBytes, spacing: .log2), 1024...1_048_576, count: 4) == [
                "4 KiB", "32 KiB", "256 KiB",
            ])
    }

    @Test(arguments: [1e-300, 1e-9, 0.3, 1, 7, 123_456, 1e12, 1e300])
    func `any extent has between two and the asked-for count of ticks`(largest: Double) {
        for low in [0, largest / 3, -largest] {
            for count in 2...12 {
                let ticks = axis(Axis("x"), low...largest, count: count).ticks
                #expect(ticks.count >= 2 && ticks.count <= count + 1, "\(low)...\(largest)")
                #expect(Set(ticks.map(\.label)).count == ticks.count)
            }
        }
    }
}
