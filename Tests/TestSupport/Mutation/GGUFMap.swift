/// Where the fields of a valid GGUF file are, for a mutator that hits them and not the gaps.
///
/// Reads without a check, so only what a writer of these tests made may be given to it.
package struct GGUFMap: Sendable {
    /// The file.
    package let bytes: [UInt8]

    /// All integers that say how something else is read: lengths, counts, types, sizes, offsets.
    private(set) var controls: [Range<Int>] = []
    /// The values: scalars, and the bytes of strings and of arrays.
    private(set) var values: [Range<Int>] = []
    /// The metadata entries, key to end of value.
    private(set) var entries: [Range<Int>] = []
    /// The places of the entries' value types.
    private(set) var types: [Range<Int>] = []
    /// The entries of the tensor list.
    private(set) var tensors: [Range<Int>] = []

    private var offset = 0

    /// Maps a file.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 4
        _ = control(4)
        let tensorCount = control(8)
        for _ in 0..<control(8) {
            let start = offset
            string()
            types.append(offset..<offset + 4)
            value(control(4))
            entries.append(start..<offset)
        }
        for _ in 0..<tensorCount {
            let start = offset
            string()
            for _ in 0..<control(4) { _ = control(8) }
            _ = control(4)
            _ = control(8)
            tensors.append(start..<offset)
        }
    }

    /// Where the header ends.
    package var headerEnd: Int { offset }

    private mutating func control(_ width: Int) -> Int {
        let range = offset..<offset + width
        controls.append(range)
        offset += width
        return range.reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    }

    private mutating func string() { opaque(control(8)) }

    private mutating func opaque(_ count: Int) {
        if count > 0 { values.append(offset..<offset + count) }
        offset += count
    }

    private mutating func value(_ type: Int) {
        let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
        switch type {
        case 8: string()
        case 9:
            let elementType = control(4)
            let count = control(8)
            if elementType == 8 {
                for _ in 0..<count { string() }
            } else {
                opaque(count * sizes[elementType])
            }
        default: opaque(sizes[type])
        }
    }
}
