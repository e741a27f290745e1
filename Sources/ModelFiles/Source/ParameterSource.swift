/// What a model says of itself, wherever that lies: hyper-parameters, and how it was trained.
///
/// Keys are canonical: those that GGUF gives them (`llama.block_count`). A source whose files call
/// them otherwise translates, so that an architecture is read the same from all of them.
package protocol ParameterSource: Sendable {
    /// The canonical keys of all parameters, in the order of the file. A parameter without a
    /// canonical key is listed as `<architecture>.<name>`, so that it can be refused by name.
    var parameterKeys: [String] { get }

    /// The value of a parameter; nil if there is none.
    func parameter(_ key: String) -> GGUFValue?
}

/// A model: its parameters and its weights.
package typealias ModelSource = ParameterSource & WeightSource

extension GGUFFile: ParameterSource {
    /// The keys of the metadata, in the order of the file.
    package var parameterKeys: [String] { metadata.keys }

    /// A value of the metadata.
    package func parameter(_ key: String) -> GGUFValue? { metadata.value(for: key) }
}
