/// The scripts of Unicode.
enum UnicodeScript {
    /// The scalars of each script by its name in small letters without signs between.
    private static let sets: [String: ScalarSet] = {
        var sets: [String: ScalarSet] = [:]
        for line in text.split(separator: ";") {
            let parts = line.split(separator: ":")
            sets[PropertyName.plain(String(parts[0]))] = ScalarSet(ranges(String(parts[1])))
        }
        return sets
    }()

    /// The scalars of a script; nil for a name that is none.
    static func set(named name: String) -> ScalarSet? { sets[PropertyName.plain(name)] }

    /// Reads runs written as `gap` or `gap,length` to the base 36.
    static func ranges(_ text: String) -> [ClosedRange<UInt32>] {
        var end: UInt32 = 0
        return text.split(separator: " ").map { word in
            let numbers = word.split(separator: ",").compactMap { UInt32($0, radix: 36) }
            let start = end + numbers[0]
            end = start + (numbers.count > 1 ? numbers[1] : 1)
            return start...end - 1
        }
    }
}
