package import ModelFiles
import QuireJSON

extension GoldenModel {
    /// Whether the model is had as a GGUF file: the converter leaves out what some of them need.
    package var hasGGUF: Bool { json["ggufTensors"] != nil }

    /// The architecture's name in the GGUF file.
    package var architecture: String {
        json["metadata"]?["general.architecture"]?.array?.last?.string ?? ""
    }

    /// The tensors of the GGUF file: each is gathered from the folder's, as the recipe says.
    package var ggufTensors: [Tensor] {
        let sources = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
        return json.list("ggufTensors").map { recipe in
            Tensor(
                name: recipe.text("name"), shape: recipe.integers("dimensions").reversed(),
                values: Self.gathered(recipe, sources))
        }
    }

    /// The file's metadata: all of the architecture's keys, and no tokenizer.
    package var metadata: [(key: String, value: GGUFValue)] {
        (json["metadata"]?.members ?? []).map { ($0.key, Self.value($0.value)) }
    }

    /// The bytes of the GGUF file, all tensors in 32 bits, after changes to its metadata and
    /// tensors.
    package func gguf(
        _ change: (inout [(key: String, value: GGUFValue)]) -> Void = { _ in },
        tensors edit: (inout [Tensor]) -> Void = { _ in }
    ) -> [UInt8] {
        var metadata = metadata
        change(&metadata)
        var tensors = ggufTensors
        edit(&tensors)
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.add(key, value) }
        for tensor in tensors {
            writer.addTensor(
                tensor.name, dimensions: tensor.shape.reversed(), floats: tensor.values)
        }
        return writer.bytes()
    }

    /// What a recipe makes: `values` as they are, a tensor as it is (`from`), or parts, each of
    /// them a tensor or nested strides through one.
    private static func gathered(_ recipe: JSONValue, _ sources: [String: Tensor]) -> [Float] {
        if let values = recipe["values"]?.array { return values.map { Float($0.double ?? .nan) } }
        func source(_ name: String) -> [Float] {
            guard let tensor = sources[name] else { preconditionFailure("no tensor \(name)") }
            return tensor.values
        }
        var result: [Float] = []
        if let name = recipe["from"]?.string {
            result = source(name)
        } else {
            for part in recipe.list("parts") {
                let values = source(part.text("tensor"))
                guard part["loops"] != nil else {
                    result += values
                    continue
                }
                var indices = [part["first"]?.integer ?? 0]
                for loop in part.list("loops") {
                    guard let count = loop.array?[0].integer, let stride = loop.array?[1].integer
                    else { preconditionFailure("a loop is a count and a stride") }
                    indices = indices.flatMap { first in (0..<count).map { first + stride * $0 } }
                }
                result += indices.map { values[$0] }
            }
        }
        if recipe["negated"]?.bool == true { result = result.map { -$0 } }
        if let plus = recipe["plus"]?.double { result = result.map { $0 + Float(plus) } }
        return result
    }

    /// A metadata value: `[type, value]`, an array's type with its elements' after a colon.
    private static func value(_ json: JSONValue) -> GGUFValue {
        guard let kind = json.array?[0].string, let value = json.array?[1] else {
            preconditionFailure("a metadata value is a type and a value")
        }
        guard kind.hasPrefix("array:") else { return scalar(kind, value) }
        let element = String(kind.dropFirst("array:".count))
        let elements = value.array ?? []
        if element == "string" {
            return .array(GGUFArray(texts: elements.map { $0.string ?? "" }))
        }
        let values = elements.map { scalar(element, $0) }
        return .array(GGUFArray(values.first?.type ?? .uint32, values))
    }

    private static func scalar(_ kind: String, _ value: JSONValue) -> GGUFValue {
        switch kind {
        case "string": .text(value.string ?? "")
        case "bool": .bool(value.bool ?? false)
        case "float32": .float32(Float(value.double ?? .nan))
        case "float64": .float64(value.double ?? .nan)
        case "int32": .int32(Int32(value.integer ?? 0))
        case "uint64": .uint64(UInt64(value.integer ?? 0))
        case "uint32": .uint32(UInt32(value.integer ?? 0))
        default: preconditionFailure("a fixture has no metadata of type \(kind)")
        }
    }
}

extension GoldenModel {
    /// Whether the folder's weights have the checksum that the script wrote.
    package var hasTheReferencesWeights: Bool {
        Formula.checksum(tensors.map(\.values)) == json.text("checksum")
    }

    /// Whether the file's tensors have the checksum of the converter's, if there is a file.
    package var hasTheConvertersTensors: Bool {
        !hasGGUF || Formula.checksum(ggufTensors.map(\.values)) == json.text("ggufChecksum")
    }
}
