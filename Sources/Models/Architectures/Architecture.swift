/// One family of models: how its hyper-parameters read, and what its layers compute.
///
/// An architecture is one file that can be read aloud: data for what differs only in data, and a
/// forward pass with the shapes in comments.
protocol Architecture: Sendable {
    /// The names, as in `general.architecture`, of the files that hold it.
    static var names: [String] { get }

    /// Reads the hyper-parameters.
    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration

    /// Adds one layer to the residual stream `pass.x`.
    static func layer(_ layer: LayerWeights, _ pass: inout ForwardPass)
}

/// The architectures that Quire runs.
package enum Architectures {
    static let all: [any Architecture.Type] = [Llama.self, Gemma3.self]

    /// The names of the supported architectures, as in a file's `general.architecture`, sorted.
    package static var supported: [String] { all.flatMap { $0.names }.sorted() }

    /// Finds an architecture, or refuses it by name.
    static func named(_ name: String) throws(ModelError) -> any Architecture.Type {
        guard let found = all.first(where: { $0.names.contains(name) }) else {
            throw ModelError(
                .unsupportedArchitecture, subject: "general.architecture",
                "'\(name.prefix(ModelLimits.quotedNameLength))' is not supported; supported "
                    + "are " + supported.joined(separator: ", "))
        }
        return found
    }
}
