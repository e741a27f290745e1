/// Numbers as plans and exercises write them: groups of three digits, a fixed number of decimals,
/// and the unit always said. GiB are 2^30 bytes, GB 10^9.
package enum Numbers {
    /// 1234567 is written 1,234,567.
    package static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.append(String(digits.suffix(3)))
            digits.removeLast(3)
        }
        groups.append(digits)
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// A number with `places` decimals, the nearest; halves away from zero.
    package static func decimal(_ number: Double, _ places: Int) -> String {
        guard number.isFinite, abs(number) < 1e14 else { return "\(number)" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + grouped(scaled) }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: places - fraction.count)
        return sign + grouped(scaled / scale) + "." + zeros + fraction
    }

    /// A share as a percentage.
    package static func percent(_ share: Double, _ places: Int = 1) -> String {
        decimal(share * 100, places) + " %"
    }

    /// Bytes in both families of units: `1.500 GiB (1.611 GB)`, and smaller ones where there is
    /// less than a GiB.
    package static func both(_ bytes: Int, _ places: Int = 3) -> String {
        let (binary, tens, letters) =
            bytes >= 1 << 30
            ? (1 << 30, 1e9, ("G", "G"))
            : bytes >= 1 << 20
                ? (1 << 20, 1e6, ("M", "M"))
                : (1 << 10, 1e3, ("K", "k"))
        return decimal(Double(bytes) / Double(binary), places) + " \(letters.0)iB ("
            + decimal(Double(bytes) / tens, places) + " \(letters.1)B)"
    }

    /// Bytes in GiB.
    package static func gib(_ bytes: Int, _ places: Int = 3) -> String {
        inGiB(bytes, places) + " GiB"
    }

    /// Bytes in GB.
    package static func gb(_ bytes: Int, _ places: Int = 3) -> String {
        inGB(bytes, places) + " GB"
    }

    /// Bytes in GiB, for a column that says so.
    package static func inGiB(_ bytes: Int, _ places: Int = 3) -> String {
        decimal(Double(bytes) / Double(1 << 30), places)
    }

    /// Bytes in GB, for a column that says so.
    package static func inGB(_ bytes: Int, _ places: Int = 3) -> String {
        decimal(Double(bytes) / 1e9, places)
    }
}
