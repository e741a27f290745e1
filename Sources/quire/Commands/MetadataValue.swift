import ModelFiles

/// A metadata value as JSON. A long array, such as a vocabulary, is given by type and count.
struct MetadataValue: Encodable {
    private static let longestArray = 256

    private struct ArrayShape: Encodable {
        let type: String
        let count: Int
    }

    private let value: GGUFValue

    init(_ value: GGUFValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .bool(let flag): try container.encode(flag)
        case .string(let bytes): try container.encode(String(decoding: bytes, as: UTF8.self))
        case .uint64(let number): try container.encode(number)
        case .float32(let number) where number.isFinite: try container.encode(number)
        case .array(let array) where array.count <= Self.longestArray:
            try container.encode((0..<array.count).map { MetadataValue(array[$0]) })
        case .array(let array):
            try container.encode(ArrayShape(type: "\(array.elementType)", count: array.count))
        default:
            if let integer = value.integer {
                try container.encode(integer)
            } else if let double = value.double, double.isFinite {
                try container.encode(double)
            } else {
                // JSON has no word for NaN and the infinities.
                try container.encode(value.double.map { "\($0)" })
            }
        }
    }
}

extension GGUFValue {
    /// The value in at most so many characters, with a few elements of an array.
    func shortened(to limit: Int) -> String {
        switch self {
        case .bool(let flag): return "\(flag)"
        case .string(let bytes):
            let text = String(decoding: bytes.prefix(4 * limit), as: UTF8.self)
            let isWhole = text.count <= limit && bytes.count <= 4 * limit
            return isWhole ? text : text.prefix(limit) + "... (\(bytes.count) bytes)"
        case .array(let array):
            let few = (0..<min(array.count, 6)).map { array[$0].shortened(to: 16) }
            let rest = array.count > few.count ? ", ..." : ""
            return "[\(few.joined(separator: ", "))\(rest)] (\(array.count) x \(array.elementType))"
        case .float32(let number): return "\(number)"
        default:
            return integer.map { "\($0)" } ?? double.map { "\($0)" } ?? "\(self)"
        }
    }
}
