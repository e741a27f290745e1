/// Least squares with coefficients that are not negative (Lawson and Hanson's problem), by
/// coordinate descent on the normal equations (Franc, Hlaváč and Navara, CAIP 2005).
///
/// Costs add up and none is negative, so that a term which the data cannot tell from another gets
/// nothing rather than a negative share.
struct NonNegativeFit {
    private let terms: Int
    /// The normal equations: products of the columns, and of the columns with what is explained.
    private var products: [Double]
    private var targets: [Double]

    /// An empty fit.
    init(terms: Int) {
        self.terms = terms
        products = Array(repeating: 0, count: terms * terms)
        targets = Array(repeating: 0, count: terms)
    }

    /// Takes an observation in. O(terms squared).
    mutating func add(_ row: [Double], _ value: Double, weight: Double) {
        precondition(row.count == terms, "a value for each term")
        for one in 0..<terms where row[one] != 0 {
            let weighted = weight * row[one]
            targets[one] += weighted * value
            for other in 0..<terms { products[one * terms + other] += weighted * row[other] }
        }
    }

    /// The coefficients. O(sweeps x terms squared).
    func solve() -> [Double] {
        // Columns of one length: descent is slow along long valleys.
        let scales = (0..<terms).map { max(products[$0 * terms + $0], 0).squareRoot() }
        var solution = Array(repeating: 0.0, count: terms)
        for _ in 0..<Self.sweeps {
            var change = 0.0
            for one in 0..<terms where scales[one] > 0 {
                var gradient = -targets[one] / scales[one]
                for other in 0..<terms where scales[other] > 0 {
                    let product = products[one * terms + other]
                    gradient += product / (scales[one] * scales[other]) * solution[other]
                }
                let next = max(0, solution[one] - gradient)
                change = max(change, abs(next - solution[one]))
                solution[one] = next
            }
            if change < 1e-13 * (solution.max() ?? 0) { break }
        }
        return (0..<terms).map { scales[$0] > 0 ? solution[$0] / scales[$0] : 0 }
    }

    private static let sweeps = 20_000
}
