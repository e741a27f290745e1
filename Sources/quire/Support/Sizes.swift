import Planning

/// Numbers as people read them.
enum Sizes {
    /// A number of bytes in decimal units, the ones that downloads and disks are sold in.
    static func bytes(_ count: Int) -> String {
        scaled(Double(count), units: ["B", "kB", "MB", "GB", "TB"])
    }

    /// A large count, such as parameters: 268.1M.
    static func count(_ count: Int) -> String {
        scaled(Double(count), units: ["", "K", "M", "B", "T"]).replacing(" ", with: "")
    }

    /// Digits grouped by three: 1 234 567 is written 1,234,567.
    static func grouped(_ number: Int) -> String { Numbers.grouped(number) }

    private static func scaled(_ value: Double, units: [String]) -> String {
        var value = value
        var unit = 0
        while value >= 999.95, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        let number = unit == 0 ? "\(Int(value))" : "\(tenths / 10).\(tenths % 10)"
        return "\(number) \(units[unit])"
    }
}
