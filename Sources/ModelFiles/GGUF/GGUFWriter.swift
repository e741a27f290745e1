/// Makes a GGUF file: metadata and tensors in the order in which they are added.
///
/// A tensor's bytes are given, or made in parts when the file is written, so that no model need be
/// in memory.
///
/// The writer keeps the format's rules of layout; that keys, names and shapes are valid is the
/// caller's business, and `GGUFFile` checks it on reading.
package struct GGUFWriter: Sendable {
    /// The format's version, 2 or 3 (they differ in nothing that is written here).
    package var version: UInt32

    /// A power of two that tensor data is aligned to.
    package let alignment: Int

    private var entries: [(key: String, value: GGUFValue)] = []
    private var tensors: [Tensor] = []

    private struct Tensor {
        let name: String
        let dimensions: [Int]
        let formatID: UInt32
        let byteCount: Int
        let data: Data
    }

    private enum Data: Sendable {
        case bytes([UInt8])
        case made(Maker)
    }

    /// Takes bytes of a file, in order.
    package typealias Sink = ([UInt8]) throws(ModelFileError) -> Void

    /// Gives a tensor's bytes to a sink, in parts of any size.
    package typealias Maker = @Sendable (_ sink: Sink) throws(ModelFileError) -> Void

    /// An empty file. `general.alignment` is written if it is not the default of 32.
    package init(version: UInt32 = 3, alignment: Int = ModelFileLimits.defaultAlignment) {
        precondition(alignment.nonzeroBitCount == 1 && alignment > 0, "not a power of two")
        self.version = version
        self.alignment = alignment
        if alignment != ModelFileLimits.defaultAlignment {
            add("general.alignment", .uint32(UInt32(alignment)))
        }
    }

    /// Adds a metadata entry.
    package mutating func add(_ key: String, _ value: GGUFValue) { entries.append((key, value)) }

    /// Adds a text.
    package mutating func add(_ key: String, text: String) { add(key, .text(text)) }

    /// Adds a tensor. `dimensions` has the row length first; `data` is in the format's blocks.
    package mutating func addTensor(
        _ name: String, dimensions: [Int], formatID: UInt32, data: [UInt8]
    ) {
        tensors.append(
            Tensor(
                name: name, dimensions: dimensions, formatID: formatID, byteCount: data.count,
                data: .bytes(data)))
    }

    /// Adds a tensor whose bytes are made when the file is written.
    package mutating func addTensor(
        _ name: String, dimensions: [Int], formatID: UInt32, byteCount: Int,
        make: @escaping Maker
    ) {
        tensors.append(
            Tensor(
                name: name, dimensions: dimensions, formatID: formatID, byteCount: byteCount,
                data: .made(make)))
    }

    /// Adds a tensor of 32-bit floats.
    package mutating func addTensor(_ name: String, dimensions: [Int], floats: [Float]) {
        var data: [UInt8] = []
        data.reserveCapacity(4 * floats.count)
        for value in floats { data.append(littleEndian: UInt64(value.bitPattern), count: 4) }
        addTensor(name, dimensions: dimensions, formatID: 0, data: data)
    }

    /// Bytes of the whole file.
    package var byteCount: Int {
        tensors.reduce(header.count) { $0 + $1.byteCount.roundedUp(to: alignment) }
    }

    /// The file's bytes. Precondition: those of all tensors were given.
    package func bytes() -> [UInt8] {
        var out: [UInt8] = []
        do {
            try stream { (bytes) throws(ModelFileError) in out += bytes }
        } catch {
            preconditionFailure("a tensor that is made has failed: \(error)")
        }
        return out
    }

    /// Gives the file to a sink: its header, then tensor after tensor. Throws what the sink and the
    /// makers of tensors throw.
    package func stream(to sink: Sink) throws(ModelFileError) {
        try sink(header)
        for tensor in tensors {
            var count = 0
            switch tensor.data {
            case .bytes(let bytes):
                try sink(bytes)
                count = bytes.count
            case .made(let make):
                try make { (bytes) throws(ModelFileError) in
                    count += bytes.count
                    try sink(bytes)
                }
            }
            precondition(count == tensor.byteCount, "\(tensor.name) has another size")
            try sink(Array(repeating: 0, count: count.roundedUp(to: alignment) - count))
        }
    }

    /// What comes before the tensors' bytes.
    private var header: [UInt8] {
        var out = Array("GGUF".utf8)
        out.append(littleEndian: UInt64(version), count: 4)
        out.append(littleEndian: UInt64(tensors.count), count: 8)
        out.append(littleEndian: UInt64(entries.count), count: 8)
        for (key, value) in entries {
            out.append(lengthPrefixed: key.utf8)
            out.append(littleEndian: UInt64(value.type.rawValue), count: 4)
            value.append(to: &out)
        }
        var offset = 0
        for tensor in tensors {
            out.append(lengthPrefixed: tensor.name.utf8)
            out.append(littleEndian: UInt64(tensor.dimensions.count), count: 4)
            for dimension in tensor.dimensions {
                out.append(littleEndian: UInt64(bitPattern: Int64(dimension)), count: 8)
            }
            out.append(littleEndian: UInt64(tensor.formatID), count: 4)
            out.append(littleEndian: UInt64(offset), count: 8)
            offset = (offset + tensor.byteCount).roundedUp(to: alignment)
        }
        let padding = out.count.roundedUp(to: alignment) - out.count
        return out + Array(repeating: 0, count: padding)
    }
}
