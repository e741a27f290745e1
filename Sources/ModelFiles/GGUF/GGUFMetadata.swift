/// The metadata of a model: keys in the file's order, each with a value of one of thirteen types.
///
/// Values stay in the header's bytes and are decoded when asked for, so a vocabulary costs four
/// bytes a string beyond what the file holds. The typed accessors (`GGUFMetadata+Typed.swift`)
/// throw an error that names the key.
package struct GGUFMetadata: Sendable {
    /// The keys, in the order of the file.
    package let keys: [String]

    /// The file that the metadata is from.
    package let path: String

    private let entries: [String: Entry]
    private let header: [UInt8]

    /// Where a value is.
    struct Entry {
        let type: GGUFValueType
        /// For a string its bytes, for an array its elements, otherwise the value.
        let range: Range<Int>
        var elementType: GGUFValueType?
        var count = 0
        var stringOffsets: [UInt32] = []
    }

    init(_ entries: Entries, header: [UInt8], path: String) {
        keys = entries.keys
        self.entries = entries.byKey
        self.header = header
        self.path = path
    }

    /// The value of a key, decoded; nil if there is none.
    ///
    /// - Complexity: O(1) for all but strings, which are copied; arrays are not.
    package func value(for key: String) -> GGUFValue? {
        guard let entry = entries[key] else { return nil }
        switch entry.type {
        case .string: return .string(Array(header[entry.range]))
        case .array:
            return .array(
                GGUFArray(
                    elementType: entry.elementType ?? .uint8, count: entry.count, header: header,
                    range: entry.range, stringOffsets: entry.stringOffsets))
        default:
            let bits = header.littleEndian(at: entry.range.lowerBound, count: entry.range.count)
            return GGUFValue(entry.type, bits: bits)
        }
    }

    /// The type of a key's value; nil if the key is not there.
    package func type(of key: String) -> GGUFValueType? { entries[key]?.type }
}

extension GGUFMetadata {
    /// The metadata while it is read.
    struct Entries {
        private(set) var keys: [String] = []
        private(set) var byKey: [String: Entry] = [:]

        /// Reads and checks one key and its value.
        mutating func read(_ cursor: inout HeaderCursor) throws(ModelFileError) {
            let key = try readKey(&cursor)
            let type = try Self.readType(&cursor, "the value of key '\(key)'")
            byKey[key] = try Self.readValue(&cursor, type, key)
            keys.append(key)
        }

        /// `general.alignment`, or the default where the file has none.
        func alignment(in cursor: HeaderCursor) throws(ModelFileError) -> Int {
            let key = "general.alignment"
            guard let entry = byKey[key] else { return ModelFileLimits.defaultAlignment }
            let start = entry.range.lowerBound
            guard entry.type == .uint32 else {
                throw cursor.error(
                    .badAlignment, at: start, "\(key) has type \(entry.type), expected uint32")
            }
            let value = Int(cursor.bytes.littleEndian(at: start, count: 4))
            guard ModelFileLimits.alignment.contains(value), value.nonzeroBitCount == 1 else {
                throw cursor.error(
                    .badAlignment, at: start,
                    "\(key) is \(value), expected a power of two from"
                        + " \(ModelFileLimits.alignment.lowerBound) to"
                        + " \(ModelFileLimits.alignment.upperBound)")
            }
            return value
        }
    }
}

extension GGUFMetadata.Entries {
    private func readKey(_ cursor: inout HeaderCursor) throws(ModelFileError) -> String {
        let start = cursor.offset
        let range = try cursor.string("the key of metadata entry \(keys.count)")
        guard (1...ModelFileLimits.keyBytes).contains(range.count) else {
            throw cursor.error(
                .badKey, at: start,
                "the key of metadata entry \(keys.count) has \(range.count) bytes; 1 to"
                    + " \(ModelFileLimits.keyBytes) are allowed")
        }
        guard cursor.bytes[range].allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw cursor.error(
                .badKey, at: start,
                "the key of metadata entry \(keys.count) is not printable ASCII")
        }
        let key = String(decoding: cursor.bytes[range], as: UTF8.self)
        guard byKey[key] == nil else {
            throw cursor.error(.duplicateKey, at: start, "key '\(key)' occurs twice")
        }
        return key
    }

    private static func readType(
        _ cursor: inout HeaderCursor, _ what: String
    ) throws(ModelFileError) -> GGUFValueType {
        let start = cursor.offset
        let raw = try cursor.uint32("the type of \(what)")
        guard let type = GGUFValueType(rawValue: raw) else {
            throw cursor.error(
                .badValueType, at: start, "\(what) has type \(raw); types are 0 to 12")
        }
        return type
    }

    private static func readValue(
        _ cursor: inout HeaderCursor, _ type: GGUFValueType, _ key: String
    ) throws(ModelFileError) -> GGUFMetadata.Entry {
        let what = "the value of key '\(key)'"
        if type == .array { return try readArray(&cursor, key) }
        guard let size = type.fixedSize else {
            return .init(type: type, range: try cursor.string(what))
        }
        let range = try cursor.take(size, what)
        if type == .bool { try checkBools(cursor, range, what) }
        return .init(type: type, range: range)
    }

    private static func readArray(
        _ cursor: inout HeaderCursor, _ key: String
    ) throws(ModelFileError) -> GGUFMetadata.Entry {
        let what = "an element of key '\(key)'"
        let typeOffset = cursor.offset
        let elementType = try readType(&cursor, what)
        guard elementType != .array else {
            throw cursor.error(
                .badValueType, at: typeOffset,
                "key '\(key)' is an array of arrays, which this reader (like the field's) refuses")
        }
        let count = try cursor.count(
            "elements of key '\(key)'", minimumSize: elementType.minimumSize)
        guard let size = elementType.fixedSize else {
            let start = cursor.offset
            let offsets = try cursor.strings(count)
            return .init(
                type: .array, range: start..<cursor.offset, elementType: elementType,
                count: count, stringOffsets: offsets)
        }
        // No overflow: `count` elements fit the file.
        let range = try cursor.take(count * size, what)
        if elementType == .bool { try checkBools(cursor, range, what) }
        return .init(type: .array, range: range, elementType: elementType, count: count)
    }

    private static func checkBools(
        _ cursor: HeaderCursor, _ range: Range<Int>, _ what: String
    ) throws(ModelFileError) {
        guard let bad = range.first(where: { cursor.bytes[$0] > 1 }) else { return }
        throw cursor.error(
            .badValue, at: bad, "\(what) is a bool of \(cursor.bytes[bad]), expected 0 or 1")
    }
}
