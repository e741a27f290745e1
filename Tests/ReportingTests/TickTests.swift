import Testing

@testable import Reporting

/// Ticks are where a person would put them, and say so exactly.
struct TickTests {
    private func labels(_ axis: Axis, _ extent: ClosedRange<Double>?, count: Int = 6) -> [String] {
        ResolvedAxis(axis, extent: extent, fit: .rounded, count: count).ticks.map(\.label)
    }

    @Test func `linear ticks are multiples of 1, 2 or 5`() {
        #expect(labels(Axis("x"), 0...9.3) == ["0", "2", "4", "6", "8", "10"])
        #expect(labels(Axis("x"), 0...0.31) == ["0.0", "0.1", "0.2", "0.3", "0.4"])
        #expect(labels(Axis("x"), 0...23) == ["0", "5", "10", "15", "20", "25"])
        #expect(labels(Axis("x"), -3...8) == ["-5", "0", "5", "10"])
    }
}
