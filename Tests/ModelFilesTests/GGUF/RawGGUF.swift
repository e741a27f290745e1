/// Writes the bytes of a GGUF file field by field, right or wrong as a test wants them.
struct RawGGUF {
    var bytes: [UInt8] = []

    /// Magic, version and counts.
    init(version: UInt32 = 3, tensors: UInt64 = 0, entries: UInt64 = 0) {
        bytes = Array("GGUF".utf8)
        u32(version)
        u64(tensors)
        u64(entries)
    }

    mutating func u32(_ value: UInt32) { number(UInt64(value), 4) }
    mutating func u64(_ value: UInt64) { number(value, 8) }
    mutating func string(_ text: String) { string(Array(text.utf8)) }

    mutating func string(_ text: [UInt8]) {
        u64(UInt64(text.count))
        bytes += text
    }

    private mutating func number(_ value: UInt64, _ width: Int) {
        bytes += (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    /// A file of one metadata entry.
    static func entry(_ key: String, type: UInt32, _ value: (inout RawGGUF) -> Void) -> [UInt8] {
        var raw = RawGGUF(entries: 1)
        raw.string(key)
        raw.u32(type)
        value(&raw)
        return raw.bytes
    }

    mutating func entry(_ key: String, uint32 value: UInt32) {
        string(key)
        u32(4)
        u32(value)
    }

    mutating func tensor(
        _ name: String, _ dimensions: [UInt64], type: UInt32 = 0, offset: UInt64 = 0
    ) {
        string(name)
        u32(UInt32(dimensions.count))
        for dimension in dimensions { u64(dimension) }
        u32(type)
        u64(offset)
    }

    /// Pads to an alignment and adds that many bytes of data.
    mutating func data(_ count: Int, alignment: Int = 32) {
        while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
        bytes += [UInt8](repeating: 1, count: count)
    }

    /// A file of one tensor with enough data for a small one.
    static func tensor(
        _ name: String = "t", _ dimensions: [UInt64] = [4], type: UInt32 = 0, offset: UInt64 = 0,
        data: Int = 256
    ) -> [UInt8] {
        var raw = RawGGUF(tensors: 1)
        raw.tensor(name, dimensions, type: type, offset: offset)
        raw.data(data)
        return raw.bytes
    }
}
