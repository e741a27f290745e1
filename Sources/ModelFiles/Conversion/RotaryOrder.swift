/// The order of the rows of queries and keys in files whose readers turn neighbours.
///
/// As trained, value i of a head is turned with value i + n / 2; a reader of a GGUF file of such an
/// architecture turns values 2 i and 2 i + 1. So rows change places, and what scores come to does
/// not.
struct RotaryOrder {
    /// The parameter that tells of the order, which a file in the other order has not.
    let key: String

    private let heads: Int
    private let keyHeads: Int
    private let turned: Int?

    /// The order of a model that says so; nil where rows stay where they are.
    init?(_ model: any ModelDescription) throws(ModelFileError) {
        guard case .string(let name)? = model.parameter("general.architecture") else { return nil }
        let prefix = String(decoding: name, as: UTF8.self) + "."
        key = prefix + "tensor_data_layout"
        guard model.parameter(key) == .text("reference") else { return nil }
        guard let heads = model.parameter(prefix + "attention.head_count")?.integer, heads > 0
        else {
            throw ModelFileError(
                .missingKey, path: model.path, at: .key(prefix + "attention.head_count"),
                "is missing, and the order of rows depends on it")
        }
        self.heads = heads
        keyHeads = model.parameter(prefix + "attention.head_count_kv")?.integer ?? heads
        turned = model.parameter(prefix + "rope.dimension_count")?.integer
        for name in model.tensorNames {
            guard !name.contains("attn_qkv") else {
                throw ModelFileError(
                    .unsupportedFormat, path: model.path, at: .tensor(name),
                    "has queries and keys in one, whose rows cannot be brought into a file's order")
            }
            let rows = model.description(ofTensor: name)?.dimensions.last ?? 0
            guard let heads = self.heads(of: name), !rows.isMultiple(of: heads) else { continue }
            throw ModelFileError(
                .wrongShape, path: model.path, at: .tensor(name),
                "has \(rows) rows, which \(heads) heads cannot share")
        }
    }

    /// Whether the rows of a tensor change places.
    func moves(_ name: String) -> Bool { heads(of: name) != nil }

    /// Numbers, one for each row, in their new places; nil where they stay.
    func moved(_ values: [Float], of name: String) -> [Float]? {
        guard let heads = heads(of: name) else { return nil }
        return (0..<values.count).map { values[place($0, values.count / heads)] }
    }

    /// The bytes of all rows in their new places.
    func moved(_ bytes: [UInt8], rows: Int, of name: String) -> [UInt8] {
        guard let heads = heads(of: name), rows > 0 else { return bytes }
        let size = bytes.count / rows
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for row in 0..<rows {
            let from = place(row, rows / heads) * size
            out += bytes[from..<from + size]
        }
        return out
    }

    /// Where the value of a row comes from.
    private func place(_ row: Int, _ width: Int) -> Int {
        let turned = min(turned ?? width, width)
        let index = row % width
        guard index < turned else { return row }
        return row - index + index % 2 * (turned / 2) + index / 2
    }

    /// The heads of a tensor whose rows change places.
    private func heads(of name: String) -> Int? {
        let parts = name.split(separator: ".")
        guard parts.count == 4, parts[0] == "blk", parts[3] == "weight" || parts[3] == "bias" else {
            return nil
        }
        return parts[2] == "attn_q" ? heads : parts[2] == "attn_k" ? keyHeads : nil
    }
}
