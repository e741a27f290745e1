import QuireJSON

extension Mutator {
    /// A copy of a safetensors file with changes to its header's values, and at times to the
    /// header's length, to the data's, or to any byte.
    package mutating func safetensors(_ file: SafetensorsBytes) -> [UInt8] {
        var file = file
        if Int.random(in: 0..<3, using: &random) > 0 { changeEntry(&file) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: file.length = Self.boundaries.randomElement(using: &random)
        case 1: file.data = bytes(file.data)
        case 2: return bytes(file.bytes)
        case 3...4:
            return SafetensorsBytes.bytes(header: json(.object(file.members)), data: file.data)
        default: break
        }
        return file.bytes
    }

    /// Changes the place, the type or the shape of one tensor, or which tensors there are.
    private mutating func changeEntry(_ file: inout SafetensorsBytes) {
        guard let index = file.members.indices.randomElement(using: &random),
            case .object(var entry) = file.members[index].value, !entry.isEmpty
        else { return }
        let field = Int.random(in: 0..<entry.count, using: &random)
        switch (Int.random(in: 0..<8, using: &random), entry[field].value) {
        case (0, _): file.members.swapAt(index, 0)
        case (1, _): file.members.remove(at: index)
        case (2, _): file.members.append(file.members[index])
        case (3, _): file.members[index].key = file.members[0].key
        case (_, .array(var numbers)):
            changeNumber(&numbers)
            entry[field].value = .array(numbers)
            file.members[index].value = .object(entry)
        default:
            let types = ["F32", "F16", "BF16", "I64", "U8", "F4", "F8_E4M3", "F33"]
            entry[field].value = .string(types.randomElement(using: &random) ?? "")
            file.members[index].value = .object(entry)
        }
    }

    private mutating func changeNumber(_ numbers: inout [JSONValue]) {
        let strange = Self.boundaries.randomElement(using: &random) ?? 0
        let number = JSONValue.integer(Int(truncatingIfNeeded: strange))
        guard let index = numbers.indices.randomElement(using: &random),
            let old = numbers[index].integer
        else { return numbers.append(number) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: numbers[index] = .integer(old &+ 1)
        case 1: numbers[index] = .integer(old &* 2)
        case 2: numbers.swapAt(index, 0)
        case 3: numbers.append(1)
        default: numbers[index] = number
        }
    }
}
