import Tensors

/// The tensors of a model's folder by their names in GGUF, with what else differs between the two.
struct HubTensors: Sendable {
    /// The names in GGUF, in the order of the files; then those of tensors that follow from the
    /// configuration. What the family has not is under its own name.
    let names: [String]
    /// What was passed over, for people.
    let warnings: [String]

    private let tensors: [String: SafetensorsTensor]
    private let derived: [String: [Float]]
    private let normsAddOne: Bool

    init(
        _ file: SafetensorsFile, _ configuration: HubConfiguration
    ) throws(ModelFileError) {
        let family = configuration.family
        let canonical = HubTensorNames(family)
        var names: [String] = []
        var tensors: [String: SafetensorsTensor] = [:]
        var passedOver = 0
        for tensor in file.tensors {
            let name: String
            switch canonical.meaning(of: tensor.name) {
            case .derived: continue
            case .otherModality:
                passedOver += 1
                continue
            // The product is with the embedding; a copy beside it is not looked at.
            case .tensor("output.weight") where configuration.isTied: continue
            case .tensor(let found): name = found
            case .unknown: name = tensor.name
            }
            guard tensors.updateValue(tensor, forKey: name) == nil else {
                throw ModelFileError(
                    .duplicateTensor, path: file.path, at: .tensor(tensor.name),
                    "is there under another name too")
            }
            names.append(name)
        }
        guard configuration.isTied || tensors["output.weight"] != nil else {
            throw ModelFileError(
                .missingTensor, path: file.path, at: .tensor("lm_head.weight"),
                "is missing, and tie_word_embeddings is false; fetch the model again")
        }
        self.names = names + configuration.tensors.keys.sorted()
        self.tensors = tensors
        derived = configuration.tensors
        normsAddOne = family.normsAddOne
        warnings =
            passedOver == 0
            ? []
            : ["\(passedOver) tensors of the parts that see are not read: the model reads text"]
    }

    /// The tensor of a name.
    func tensor(_ name: String) -> SafetensorsTensor? { tensors[name] }

    /// What a tensor is.
    func description(of name: String) -> TensorDescription? {
        if let values = derived[name] {
            return TensorDescription(
                dimensions: [values.count], format: .f32, formatName: "F32",
                byteCount: 4 * values.count)
        }
        return tensors[name].map {
            TensorDescription(
                dimensions: $0.dimensions, format: $0.format, formatName: $0.typeName,
                byteCount: $0.byteCount)
        }
    }

    /// The values that follow from the configuration.
    func derived(_ name: String) -> [Float]? { derived[name] }

    /// What is added to the numbers of a tensor of one dimension.
    func offset(of name: String) -> Float { normsAddOne && name.hasSuffix("norm.weight") ? 1 : 0 }
}
