/// A model that can be pulled: what it will be called, and where it comes from.
package struct RemoteModel: Hashable, Sendable, CustomStringConvertible {
    /// What `quire pull` is told: a name of the catalogue, or a source.
    package let description: String
    /// The name that it will have in the store.
    package let name: ModelName
    /// Where it can be had, tried in this order.
    package let sources: [ModelSource]
    /// About how many bytes come down, where the catalogue says so.
    package let byteCount: Int?
    /// The terms under which its weights may be used, where the catalogue says so.
    package let license: String?

    /// The sum that the person asked for.
    let sha256: SHA256Digest?

    /// Understands a name of the catalogue or a source.
    ///
    /// - Parameters:
    ///   - word: what the person typed.
    ///   - name: what the model is to be called; nil: the catalogue's name, or one made of the
    ///     file's.
    /// - Throws: `notFound`, with near names; `invalidSource`; `invalidName`, if none can be made.
    package init(parsing word: String, as name: ModelName? = nil) throws(ModelStoreError) {
        if let entry = Catalogue.entry(named: word) {
            if let name { self.name = name } else { self.name = try ModelName(entry.name) }
            sources = entry.sources
            byteCount = entry.byteCount
            license = entry.license
            sha256 = nil
        } else {
            guard word.contains(":") else { throw Self.unknown(word) }
            let source = try ModelSource(parsing: word)
            guard let name = name ?? source.defaultName else {
                throw ModelStoreError(
                    .invalidName, "Give the model a name: quire pull \(word) --as NAME")
            }
            self.name = name
            sources = [source]
            byteCount = nil
            license = nil
            sha256 = source.sha256
        }
        description = word
    }

    private static func unknown(_ word: String) -> ModelStoreError {
        let near = NearNames.suggestions(for: word, among: Catalogue.entries.map(\.name))
        let hint =
            if HubFile.isRepository(word) {
                "For the model of that name on the hub write hf:\(word)."
            } else if near.isEmpty {
                "See the names with: quire pull --list."
            } else {
                "Did you mean \(near.joined(separator: ", or "))?"
            }
        return ModelStoreError(
            .notFound,
            """
            There is no \(ForeignText.quoted(word)) in the catalogue. \(hint) Other models are \
            named by their source, such as hf:owner/repository:file.gguf.
            """)
    }
}
