/// Arithmetic as Python does it, where Swift's differs.
enum PythonArithmetic {
    /// `a // b` of two floats, `b` above 0.
    ///
    /// Python takes the remainder first and divides what is left, so that the result is right where
    /// the rounded quotient would be one too high.
    static func floorDivide(_ a: Double, _ b: Double) -> Double {
        var remainder = a.truncatingRemainder(dividingBy: b)
        if remainder < 0 { remainder += b }
        let quotient = (a - remainder) / b
        let whole = quotient.rounded(.down)
        return quotient - whole > 0.5 ? whole + 1 : whole
    }
}
