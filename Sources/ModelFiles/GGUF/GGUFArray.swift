/// A metadata array: elements of one type, kept as the bytes of the file and decoded when asked.
package struct GGUFArray: Sendable, Equatable {
    /// The type of every element; never `.array`.
    package let elementType: GGUFValueType

    /// How many elements there are.
    package let count: Int

    /// The elements of an array of strings; nil for any other element type.
    package let strings: GGUFStringArray?

    let header: [UInt8]
    /// Where the elements lie in `header`.
    let range: Range<Int>

    init(
        elementType: GGUFValueType, count: Int, header: [UInt8], range: Range<Int>,
        stringOffsets: [UInt32]
    ) {
        self.elementType = elementType
        self.count = count
        self.header = header
        self.range = range
        strings =
            elementType == .string
            ? GGUFStringArray(header: header, offsets: stringOffsets) : nil
    }

    /// The elements as they are written in a file.
    package var bytes: ArraySlice<UInt8> { header[range] }

    /// One element. O(1).
    package subscript(index: Int) -> GGUFValue {
        precondition(index >= 0 && index < count, "array index \(index) of \(count)")
        if let strings { return .string(Array(strings.slice(index))) }
        let size = elementType.minimumSize
        let bits = header.littleEndian(at: range.lowerBound + index * size, count: size)
        return GGUFValue(elementType, bits: bits)
    }

    /// The elements as integers; nil if the type is no integer type or an element exceeds `Int`.
    package var integers: [Int]? {
        var result: [Int] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            guard let value = self[index].integer else { return nil }
            result.append(value)
        }
        return result
    }

    /// The elements as floats (64-bit ones rounded); nil if the type is no float type.
    package var floats: [Float]? {
        switch elementType {
        case .float32:
            (0..<count).map {
                let bits = header.littleEndian(at: range.lowerBound + 4 * $0, count: 4)
                return Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            }
        case .float64: (0..<count).compactMap { self[$0].double.map { Float($0) } }
        default: nil
        }
    }

    /// Whether two arrays have the same type and the same bytes (so a NaN equals itself).
    package static func == (left: GGUFArray, right: GGUFArray) -> Bool {
        left.elementType == right.elementType && left.count == right.count
            && left.bytes == right.bytes
    }
}

extension GGUFArray {
    /// An array of strings, each given as bytes.
    package init(strings: some Collection<some Collection<UInt8>>) {
        var bytes: [UInt8] = []
        var offsets: [UInt32] = []
        for string in strings {
            offsets.append(UInt32(bytes.count))
            bytes.append(lengthPrefixed: string)
        }
        self.init(
            elementType: .string, count: offsets.count, header: bytes,
            range: 0..<bytes.count, stringOffsets: offsets)
    }

    /// An array of texts.
    package init(texts: some Collection<String>) {
        self.init(strings: texts.map { Array($0.utf8) })
    }

    /// An array of scalars. All must have `elementType`, which is neither string nor array.
    package init(_ elementType: GGUFValueType, _ values: [GGUFValue]) {
        precondition(elementType.fixedSize != nil, "an array of scalars cannot hold strings")
        var bytes: [UInt8] = []
        for value in values {
            precondition(value.type == elementType, "\(value) in an array of \(elementType)")
            value.append(to: &bytes)
        }
        self.init(
            elementType: elementType, count: values.count, header: bytes,
            range: 0..<bytes.count, stringOffsets: [])
    }

    /// An array of 32-bit floats.
    package init(floats: [Float]) { self.init(.float32, floats.map { .float32($0) }) }

    /// An array of 32-bit signed integers.
    package init(int32s: [Int32]) { self.init(.int32, int32s.map { .int32($0) }) }
}
