extension Mutator {
    /// A copy of a GGUF file with 1 to 3 changes to its fields, entries or bytes.
    package mutating func gguf(_ map: GGUFMap) -> [UInt8] {
        // Changes of the same length first, so that the map stays true; at most one that moves.
        var bytes = map.bytes
        for _ in 0..<Int.random(in: 0...2, using: &random) { overwriteField(of: map, &bytes) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: overwriteField(of: map, &bytes)
        case 1: bytes = self.bytes(bytes)
        case 2: bytes.removeSubrange(Int.random(in: 0...map.headerEnd, using: &random)...)
        case 3: swap(map.entries, &bytes)
        case 4: swap(map.tensors, &bytes)
        case 5: repeatOrRemove(map.entries, countAt: 16, &bytes)
        case 6: repeatOrRemove(map.tensors, countAt: 8, &bytes)
        default: replaceEntry(of: map, &bytes)
        }
        return bytes
    }

    private mutating func overwriteField(of map: GGUFMap, _ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
            guard let field = map.controls.randomElement(using: &random) else { return }
            overwrite(&bytes, field)
        case 2:
            guard let type = map.types.randomElement(using: &random) else { return }
            bytes[type.lowerBound] = UInt8.random(in: 0...13, using: &random)
        default:
            guard let value = map.values.randomElement(using: &random) else { return }
            let start = Int.random(in: value, using: &random)
            let width = [1, 4, 8].randomElement(using: &random) ?? 1
            overwrite(&bytes, start..<min(start + width, value.upperBound))
        }
    }

    private mutating func swap(_ sections: [Range<Int>], _ bytes: inout [UInt8]) {
        guard sections.count > 1 else { return }
        var order = sections.map { Array(bytes[$0]) }
        order.swapAt(
            Int.random(in: 0..<order.count, using: &random),
            Int.random(in: 0..<order.count, using: &random))
        replace(sections, with: order, &bytes)
    }

    /// Duplicates or removes an entry, with its count put right or not.
    private mutating func repeatOrRemove(
        _ sections: [Range<Int>], countAt: Int, _ bytes: inout [UInt8]
    ) {
        guard let index = sections.indices.randomElement(using: &random) else { return }
        var all = sections.map { Array(bytes[$0]) }
        if Bool.random(using: &random) {
            all.insert(all[index], at: Int.random(in: 0...all.count, using: &random))
        } else {
            all.remove(at: index)
        }
        if Bool.random(using: &random) {
            for byte in 0..<8 {
                bytes[countAt + byte] = UInt8(truncatingIfNeeded: all.count >> (8 * byte))
            }
        }
        replace(sections, with: all, &bytes)
    }

    /// Gives a key a well-formed value of another type: past the reader, into those who ask it.
    private mutating func replaceEntry(of map: GGUFMap, _ bytes: inout [UInt8]) {
        guard let index = map.entries.indices.randomElement(using: &random) else { return }
        let entry = map.entries[index]
        let key = bytes[entry.lowerBound..<map.types[index].lowerBound]
        let number = littleEndian(Self.boundaries.randomElement(using: &random) ?? 0, 8)
        let value: [UInt8]
        switch Int.random(in: 0..<9, using: &random) {
        case 0: value = littleEndian(4, 4) + number.prefix(4)
        case 1: value = littleEndian(5, 4) + number.prefix(4)
        case 2: value = littleEndian(11, 4) + number
        case 3: value = littleEndian(6, 4) + littleEndian(0x7FC0_0000, 4)
        case 4: value = littleEndian(7, 4) + [1]
        case 5: value = littleEndian(8, 4) + littleEndian(0, 8)
        case 6: value = littleEndian(8, 4) + littleEndian(3, 8) + [0xFF, 0xC3, 0x00]
        case 7: value = littleEndian(9, 4) + littleEndian(8, 4) + littleEndian(0, 8)
        default: value = littleEndian(9, 4) + littleEndian(5, 4) + littleEndian(2, 8) + number
        }
        bytes.replaceSubrange(entry, with: key + value)
    }

    private func replace(
        _ sections: [Range<Int>], with parts: [[UInt8]], _ bytes: inout [UInt8]
    ) {
        guard let first = sections.first, let last = sections.last else { return }
        bytes.replaceSubrange(
            first.lowerBound..<last.upperBound, with: parts.reduce(into: [], +=))
    }

    private func littleEndian(_ value: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}
