import Tensors

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#endif

/// Makes a GGUF file: metadata and tensors in the order in which they are added.
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
        let data: [UInt8]
    }

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
            Tensor(name: name, dimensions: dimensions, formatID: formatID, data: data))
    }

    /// Adds a tensor of 32-bit floats.
    package mutating func addTensor(_ name: String, dimensions: [Int], floats: [Float]) {
        var data: [UInt8] = []
        data.reserveCapacity(4 * floats.count)
        for value in floats { data.append(littleEndian: UInt64(value.bitPattern), count: 4) }
        addTensor(name, dimensions: dimensions, formatID: 0, data: data)
    }

    /// The file's bytes.
    package func bytes() -> [UInt8] {
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
            offset = (offset + tensor.data.count).roundedUp(to: alignment)
        }
        for tensor in tensors {
            out.pad(to: alignment)
            out.append(contentsOf: tensor.data)
        }
        out.pad(to: alignment)
        return out
    }

    /// Writes the file, replacing what was there; it appears complete or not at all.
    package func write(to path: String) throws(ModelFileError) {
        do {
            try Data(bytes()).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelFileError(
                .notWritable, path: path, "cannot be written: \(Self.reason(error))")
        }
    }

    /// The system's own words, where Foundation wrapped them.
    private static func reason(_ error: any Error) -> String {
        let cause = (error as? CocoaError)?.underlying ?? error
        guard let code = (cause as? POSIXError)?.code else { return "the system refused" }
        return MappedFile.reason(code.rawValue)
    }
}

extension [UInt8] {
    fileprivate mutating func pad(to alignment: Int) {
        append(contentsOf: repeatElement(0, count: count.roundedUp(to: alignment) - count))
    }
}
