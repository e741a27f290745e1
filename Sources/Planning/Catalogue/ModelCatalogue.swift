/// Models whose dimensions are known by name.
///
/// An entry is data: the dimensions of the configuration that the model was published with. The
/// number of parameters is computed from them; tests hold it against the number published.
package enum ModelCatalogue {
    /// A model and where its dimensions are written.
    package struct Entry: Hashable, Sendable {
        /// Its dimensions; its name is what to type.
        package let shape: ModelShape
        /// The paper or the configuration that its dimensions are from.
        package let source: String
    }

    /// Every model, family by family.
    package static let entries: [Entry] =
        gpt + llama + mistral + qwen + gemma + deepSeek + others

    /// The entry of a name, large and small letters alike.
    package static func entry(named name: String) -> Entry? {
        let wanted = name.lowercased()
        return entries.first { $0.shape.name == wanted }
    }

    /// What there is to type.
    package static var names: [String] { entries.map(\.shape.name) }
}
