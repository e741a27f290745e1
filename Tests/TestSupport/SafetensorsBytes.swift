package import QuireJSON
package import Tensors

/// Makes the bytes of safetensors files, right ones and, since nothing is checked, wrong ones.
package struct SafetensorsBytes {
    /// The members of the header, in the order of the file.
    package var members: [JSONValue.Member] = []
    /// What follows the header.
    package var data: [UInt8] = []
    /// What stands for the header's length; nil: the length.
    package var length: UInt64?
    /// Spaces after the header.
    package var padding = 0

    /// A file without tensors.
    package init() {}

    /// Adds a tensor behind those that are there.
    package mutating func add(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
        add(name, type, shape, data.count..<data.count + bytes.count)
        data += bytes
    }

    /// Adds numbers in a float format, as a tensor of the format's name.
    package mutating func add(
        _ name: String, _ shape: [Int], _ values: [Float], as format: TensorFormat = .f32
    ) {
        add(name, format.name, shape, format.quantize(values) ?? [])
    }

    /// Adds an entry alone.
    package mutating func add(
        _ name: String, _ type: String, _ shape: [Int], _ offsets: Range<Int>
    ) {
        let value: JSONValue = [
            "dtype": .string(type), "shape": .array(shape.map { .integer($0) }),
            "data_offsets": [.integer(offsets.lowerBound), .integer(offsets.upperBound)],
        ]
        members.append(.init(name, value))
    }

    /// The file.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(.object(members))
        return Self.bytes(
            header: writer.bytes + [UInt8](repeating: 0x20, count: padding), data: data,
            length: length)
    }

    /// A file of a header in whatever form.
    package static func bytes(
        header: [UInt8], data: [UInt8] = [], length: UInt64? = nil
    ) -> [UInt8] {
        let length = length ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
    }
}
