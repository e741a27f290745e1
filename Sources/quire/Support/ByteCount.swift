import ArgumentParser

/// A number of bytes on the command line: 1000000, 500MB, 2GiB.
struct ByteCount: ExpressibleByArgument, Hashable {
    let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units = [
            "": 1, "B": 1, "K": 1000, "KB": 1000, "M": 1_000_000, "MB": 1_000_000,
            "G": 1_000_000_000, "GB": 1_000_000_000, "T": 1_000_000_000_000,
            "TB": 1_000_000_000_000, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30,
            "TIB": 1 << 40,
        ]
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = argument.dropFirst(number.count).uppercased()
        guard let value = Double(number), let factor = units[unit] else { return nil }
        let bytes = value * Double(factor)
        guard bytes >= 0, bytes < 1e18 else { return nil }
        self.bytes = Int(bytes)
    }

    var defaultValueDescription: String { Sizes.bytes(bytes) }
}
