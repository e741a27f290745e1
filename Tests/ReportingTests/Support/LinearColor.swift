/// A colour in linear light, and what can be computed from it.
struct LinearColor {
    /// How a reader sees colours.
    enum Sight: CaseIterable {
        case normal
        case protan
        case deutan
        case tritan

        /// Full severity, for linear light (Machado, Oliveira and Fernandes, 2009, table 1).
        var matrix: [[Double]] {
            switch self {
            case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
            case .protan:
                [
                    [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                    [-0.003882, -0.048116, 1.051998],
                ]
            case .deutan:
                [
                    [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                    [-0.011820, 0.042940, 0.968881],
                ]
            case .tritan:
                [
                    [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                    [0.004733, 0.691367, 0.303900],
                ]
            }
        }
    }

    private let channels: [Double]

    private init(channels: [Double]) { self.channels = channels }

    /// A colour `#rrggbb`.
    init(_ hex: String) { channels = Self.bytes(hex).map(Self.linear) }

    /// A colour over another one; browsers mix the encoded values.
    init(_ hex: String, over ground: String, opacity: Double) {
        channels = zip(Self.bytes(hex), Self.bytes(ground)).map {
            Self.linear($0 * opacity + $1 * (1 - opacity))
        }
    }

    private static func bytes(_ hex: String) -> [Double] {
        let number = Int(hex.dropFirst(), radix: 16) ?? 0
        return [16, 8, 0].map { Double(number >> $0 & 255) / 255 }
    }

    private static func linear(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055, 2.4)
    }

    /// A power by halves of exponents: enough digits for contrasts.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        guard base > 0 else { return 0 }
        var result = 1.0
        var root = base
        var rest = exponent
        while rest >= 1 {
            result *= base
            rest -= 1
        }
        for _ in 0..<50 {
            root = root.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= root
                rest -= 1
            }
        }
        return result
    }

    /// WCAG 2.2: relative luminance.
    private var luminance: Double {
        0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    /// WCAG 2.2: contrast ratio.
    func contrast(with other: LinearColor) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    func seen(with sight: Sight) -> LinearColor {
        LinearColor(
            channels: sight.matrix.map { row in
                min(1, max(0, zip(row, channels).reduce(0) { $0 + $1.0 * $1.1 }))
            })
    }

    /// 100 times the distance in Oklab (Ottosson, 2020).
    func distance(to other: LinearColor) -> Double {
        let sum = zip(oklab, other.oklab).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return 100 * sum.squareRoot()
    }

    private var oklab: [Double] {
        let cones = [
            [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ].map { row in Self.power(zip(row, channels).reduce(0) { $0 + $1.0 * $1.1 }, 1 / 3) }
        return [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ].map { row in zip(row, cones).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
