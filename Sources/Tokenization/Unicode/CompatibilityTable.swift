/// The scalars that are others but for their looks: ligatures, wide letters, numbers in circles.
struct CompatibilityTable: Sendable {
    static let shared = CompatibilityTable()

    private var parts: [UInt32: [UInt32]] = [:]

    private init() {
        var scalar: UInt32 = 0
        for word in Self.mappings.split(separator: " ") {
            let numbers = word.split(separator: ",").compactMap { UInt32($0, radix: 36) }
            scalar += numbers[0]
            parts[scalar] = Array(numbers.dropFirst())
        }
    }

    /// What a scalar is written as in the forms KC and KD, before its canonical parts are put in
    /// order; nil for one that has only these.
    func parts(of scalar: UInt32) -> [UInt32]? { scalar < 0xA0 ? nil : parts[scalar] }
}
