extension Float {
    /// This number and a product, rounded once, by plain arithmetic: the standard library's own is
    /// a call of C's mathematics library where the processor is not known to have the instruction.
    func plusProduct(_ a: Float, _ b: Float) -> Float {
        let (product, other) = (Double(a) * Double(b), Double(self))
        let sum = product + other
        // The product is exact; what the sum has lost is found by Knuth's two-sum.
        let back = sum - product
        let lost = (product - (sum - back)) + (other - back)
        // Rounded to odd: then rounding once more, to a float, gives what the exact value would.
        guard lost < 0 || lost > 0, sum.bitPattern & 1 == 0 else { return Float(sum) }
        let grows = (lost > 0) == (sum > 0)
        return Float(Double(bitPattern: grows ? sum.bitPattern + 1 : sum.bitPattern - 1))
    }
}
