#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Python's arithmetic; integers beyond 64 bits are refused.
extension Interpreter {
    func integers(
        _ sign: ArithmeticSign, _ left: Int, _ right: Int
    ) throws(TemplateError) -> Value {
        let result: (partialValue: Int, overflow: Bool)
        switch sign {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide: return .float(try floats(.divide, Double(left), Double(right)))
        case .power:
            if right < 0 { return .float(try floats(.power, Double(left), Double(right))) }
            return .integer(try power(left, right))
        case .floorDivide, .remainder:
            if right == 0 { throw divisionByZero }
            let quotient = left.dividedReportingOverflow(by: right)
            if quotient.overflow {
                if sign == .remainder { return .integer(0) }
                throw tooLarge
            }
            let remainder = left % right
            let isOff = remainder != 0 && (remainder < 0) != (right < 0)
            return .integer(
                sign == .remainder
                    ? remainder + (isOff ? right : 0) : quotient.partialValue - (isOff ? 1 : 0))
        }
        if result.overflow { throw tooLarge }
        return .integer(result.partialValue)
    }

    private func power(_ base: Int, _ exponent: Int) throws(TemplateError) -> Int {
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
        guard exponent < 64 else { throw tooLarge }
        var result = 1
        for _ in 0..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { throw tooLarge }
            result = product
        }
        return result
    }

    func floats(
        _ sign: ArithmeticSign, _ left: Double, _ right: Double
    ) throws(TemplateError) -> Double {
        switch sign {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            if right == 0 { throw divisionByZero }
            return left / right
        case .power:
            if left == 0, right < 0 { throw divisionByZero }
            let result = pow(left, right)
            if result.isNaN, !left.isNaN, !right.isNaN {
                throw TemplateError(.value, "a power that is no real number")
            }
            if result.isInfinite, left.isFinite, right.isFinite { throw tooLarge }
            return result
        case .floorDivide, .remainder:
            if right == 0 { throw divisionByZero }
            var remainder = left.truncatingRemainder(dividingBy: right)
            var quotient = (left - remainder) / right
            if remainder != 0 {
                if (right < 0) != (remainder < 0) {
                    remainder += right
                    quotient -= 1
                }
            } else {
                remainder = right < 0 ? -0.0 : 0.0
            }
            if sign == .remainder { return remainder }
            guard quotient != 0 else { return (left / right).sign == .minus ? -0.0 : 0.0 }
            let floor = quotient.rounded(.down)
            return quotient - floor > 0.5 ? floor + 1 : floor
        }
    }

    private var divisionByZero: TemplateError { TemplateError(.value, "division by zero") }

    var tooLarge: TemplateError {
        TemplateError(.limit, "a number beyond what this implementation holds")
    }
}
