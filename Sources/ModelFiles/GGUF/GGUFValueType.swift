/// The thirteen types of metadata values, with the numbers they have in a file.
package enum GGUFValueType: UInt32, Sendable, CaseIterable {
    /// 8 bits, unsigned.
    case uint8 = 0
    /// 8 bits, signed.
    case int8 = 1
    /// 16 bits, unsigned.
    case uint16 = 2
    /// 16 bits, signed.
    case int16 = 3
    /// 32 bits, unsigned.
    case uint32 = 4
    /// 32 bits, signed.
    case int32 = 5
    /// IEEE 754, 32 bits.
    case float32 = 6
    /// One byte, 0 or 1.
    case bool = 7
    /// A 64-bit length, then that many bytes.
    case string = 8
    /// An element type, a 64-bit count, then the elements.
    case array = 9
    /// 64 bits, unsigned.
    case uint64 = 10
    /// 64 bits, signed.
    case int64 = 11
    /// IEEE 754, 64 bits.
    case float64 = 12

    /// Bytes of a value in the file; nil for strings and arrays, whose values say it themselves.
    package var fixedSize: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }

    /// The fewest bytes that a value takes in a file: what a claimed count is checked with.
    var minimumSize: Int {
        switch self {
        case .string: 8
        case .array: 12
        default: fixedSize ?? 1
        }
    }
}
