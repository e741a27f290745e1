/// One metadata value, of any of the thirteen types.
package enum GGUFValue: Sendable, Equatable {
    /// 8 bits, unsigned.
    case uint8(UInt8)
    /// 8 bits, signed.
    case int8(Int8)
    /// 16 bits, unsigned.
    case uint16(UInt16)
    /// 16 bits, signed.
    case int16(Int16)
    /// 32 bits, unsigned.
    case uint32(UInt32)
    /// 32 bits, signed.
    case int32(Int32)
    /// IEEE 754, 32 bits.
    case float32(Float)
    /// True or false.
    case bool(Bool)
    /// Bytes; usually UTF-8, which the format asks for and files do not always keep.
    case string([UInt8])
    /// Elements of one type.
    case array(GGUFArray)
    /// 64 bits, unsigned.
    case uint64(UInt64)
    /// 64 bits, signed.
    case int64(Int64)
    /// IEEE 754, 64 bits.
    case float64(Double)

    /// A string value from text.
    package static func text(_ text: String) -> GGUFValue { .string(Array(text.utf8)) }

    /// The type of this value.
    package var type: GGUFValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// The value of any integer type; nil for other types and for numbers beyond `Int`.
    package var integer: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(value)
        default: nil
        }
    }

    /// The value of a float type; nil for other types.
    package var double: Double? {
        switch self {
        case .float32(let value): Double(value)
        case .float64(let value): value
        default: nil
        }
    }
}

extension GGUFValue {
    /// A scalar from its bits. `type` has a fixed size; a bool is true unless its byte is 0.
    init(_ type: GGUFValueType, bits: UInt64) {
        switch type {
        case .uint8: self = .uint8(UInt8(truncatingIfNeeded: bits))
        case .int8: self = .int8(Int8(truncatingIfNeeded: bits))
        case .uint16: self = .uint16(UInt16(truncatingIfNeeded: bits))
        case .int16: self = .int16(Int16(truncatingIfNeeded: bits))
        case .uint32: self = .uint32(UInt32(truncatingIfNeeded: bits))
        case .int32: self = .int32(Int32(truncatingIfNeeded: bits))
        case .float32: self = .float32(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .bool: self = .bool(bits != 0)
        case .uint64: self = .uint64(bits)
        case .int64: self = .int64(Int64(bitPattern: bits))
        case .float64: self = .float64(Double(bitPattern: bits))
        case .string, .array: preconditionFailure("\(type) has no fixed size")
        }
    }

    /// Appends the value as a file has it, without its type.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .uint8(let value): bytes.append(value)
        case .int8(let value): bytes.append(UInt8(bitPattern: value))
        case .uint16(let value): bytes.append(littleEndian: UInt64(value), count: 2)
        case .int16(let value):
            bytes.append(littleEndian: UInt64(UInt16(bitPattern: value)), count: 2)
        case .uint32(let value): bytes.append(littleEndian: UInt64(value), count: 4)
        case .int32(let value):
            bytes.append(littleEndian: UInt64(UInt32(bitPattern: value)), count: 4)
        case .float32(let value):
            bytes.append(littleEndian: UInt64(value.bitPattern), count: 4)
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .string(let value): bytes.append(lengthPrefixed: value)
        case .array(let array):
            bytes.append(littleEndian: UInt64(array.elementType.rawValue), count: 4)
            bytes.append(littleEndian: UInt64(array.count), count: 8)
            bytes.append(contentsOf: array.bytes)
        case .uint64(let value): bytes.append(littleEndian: value, count: 8)
        case .int64(let value): bytes.append(littleEndian: UInt64(bitPattern: value), count: 8)
        case .float64(let value): bytes.append(littleEndian: value.bitPattern, count: 8)
        }
    }
}
