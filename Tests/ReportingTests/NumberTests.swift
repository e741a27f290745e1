import Testing

@testable import Reporting

/// Numbers are written the same everywhere, with their units.
struct NumberTests {
    @Test func `fixed digits are rounded, grouped and never negative zero`() {
        #expect(DecimalText.fixed(1_234_567.891, digits: 2) == "1,234,567.89")
        #expect(DecimalText.fixed(-0.004, digits: 2) == "0.00")
        #expect(DecimalText.fixed(0.05, digits: 1) == "0.1")
        #expect(DecimalText.fixed(999.95, digits: 1) == "1,000.0")
        #expect(DecimalText.fixed(-12_345, digits: 0) == "-12,345")
        #expect(DecimalText.fixed(.nan, digits: 1) == "\u{2013}")
        #expect(DecimalText.fixed(1e18, digits: 2) == "1×10¹⁸")
    }

    @Test func `short numbers keep their whole part`() {
        #expect(DecimalText.short(0) == "0")
        #expect(DecimalText.short(1.25) == "1.25")
        #expect(DecimalText.short(105_710) == "105,710")
        #expect(DecimalText.short(0.000_123_45) == "0.0001235")
        #expect(DecimalText.short(0.000_012_3) == "1.23×10⁻⁵")
        #expect(DecimalText.short(-2.5e16) == "-2.5×10¹⁶")
        #expect(DecimalText.scientific(9.9999e-10) == "1×10⁻⁹")
    }

    @Test func `coordinates have at most two digits and no commas`() {
        #expect(DecimalText.coordinate(1234.5678) == "1234.57")
        #expect(DecimalText.coordinate(3.10) == "3.1")
        #expect(DecimalText.coordinate(-0.001) == "0")
    }

    @Test func `values carry their unit`() {
        #expect(ValueFormat.number.text(60_921) == "60,921")
        #expect(ValueFormat.count("blocks").text(1000) == "1,000 blocks")
        #expect(ValueFormat.percent.text(0.211) == "21.1 %")
        #expect(ValueFormat.percent.text(0.000_15) == "0.015 %")
        #expect(ValueFormat.percent.text(0.001_82) == "0.18 %")
        #expect(ValueFormat.percent.text(0) == "0 %")
        #expect(ValueFormat.percent.text(-0.25) == "-25.0 %")
        #expect(ValueFormat.percent.text(1) == "100.0 %")
        #expect(ValueFormat.seconds.text(0.0125) == "12.5 ms")
        #expect(ValueFormat.seconds.text(2.5e-6) == "2.5 µs")
        #expect(ValueFormat.seconds.text(52) == "52 s")
        #expect(ValueFormat.seconds.text(7200) == "2 h")
        #expect(ValueFormat.seconds.text(0) == "0 s")
        #expect(ValueFormat.binaryBytes.text(9_663_676_416) == "9 GiB")
        #expect(ValueFormat.decimalBytes.text(9_663_676_416) == "9.664 GB")
        #expect(ValueFormat.decimalBytes.text(0.5) == "0.5 B")
        #expect(ValueFormat.metric("FLOP/s").text(312e12) == "312 TFLOP/s")
        #expect(ValueFormat.seconds.text(.infinity) == "\u{2013}")
    }

    @Test func `decades of powers of ten are exact`() {
        for exponent in -300...300 {
            let power = Elementary.powerOfTen(exponent)
            #expect(Elementary.decade(of: power) == exponent)
            #expect(Elementary.decade(of: power.nextDown) == exponent - 1)
        }
    }

    @Test func `logarithms are right to a few units in the last place`() {
        #expect(Elementary.log2(1) == 0)
        #expect(Elementary.log2(1024) == 10)
        for (value, expected) in [
            (3, 1.584_962_500_721_156), (0.1, -3.321_928_094_887_362_3),
            (1.999_999, 0.999_999_278_652_298_5), (1e12, 39.863_137_138_648_35),
        ] {
            #expect((Elementary.log2(value) - expected).magnitude < 2e-14, "\(value)")
        }
        #expect((Elementary.log10(1e9) - 9).magnitude < 1e-13)
    }

    @Test func `scales put values in their places`() {
        let linear = ResolvedAxis(Axis("x"), extent: 0...10, fit: .rounded, count: 6)
        let scale = Scale(linear, from: 100, to: 200)
        #expect(scale(0) == 100)
        #expect(scale(2.5) == 125)
        #expect(scale(99) == 200)
        #expect(Scale(linear, from: 200, to: 100)(2.5) == 175)
        let log = ResolvedAxis(
            Axis("x", spacing: .log2), extent: 1...16, fit: .tight, count: 6)
        #expect(Scale(log, from: 0, to: 100)(4) == 50)
        #expect(Scale(log, from: 0, to: 100)(0.001) == 0)
    }
}
