import Foundation
import ModelFiles

extension ModelStore {
    /// Understands a person's word for a model, as every command does: the path of a file or a
    /// folder, the name of an installed model, that of another program's, a name of the catalogue,
    /// or a source.
    ///
    /// Nothing is fetched. A file wins over a name, and an installed model over another program's;
    /// a source whose model is installed means that model.
    ///
    /// - Throws: `notFound` with near names, `ambiguous`, `invalidSource`, or `fileSystem` if the
    ///   store cannot be read.
    /// - Complexity: one listing of the store's folder, and for what is not in it of other
    ///   programs'; no model file is opened.
    package func find(_ word: String) throws(ModelStoreError) -> ModelReference {
        // A name that is not UTF-8 can be a path and nothing else.
        if GGUFFile.hasForeignName(word) || Self.isFile(word) || Self.isModelFolder(word) {
            return .file(word)
        }
        if ModelSource.hasScheme(word) {
            return try reference(to: RemoteModel(parsing: word))
        }
        let installed = try installed()
        if let model = installed.first(where: { $0.name == word }) { return .installed(model) }
        if let model = try foreignModel(word, besides: Set(installed.map(\.name))) {
            return .foreign(model)
        }
        if Self.looksLikePath(word) { throw Self.noFile(word) }
        if Catalogue.entry(named: word) != nil {
            return .remote(try RemoteModel(parsing: word))
        }
        throw Self.unknown(word, installed: namesHere)
    }

    /// The model of another program that a word names; nil: none.
    ///
    /// - Throws: `ambiguous`, with names that tell them apart.
    private func foreignModel(
        _ word: String, besides installed: Set<String>
    ) throws(ModelStoreError) -> ForeignModel? {
        let found = foreign().namedApart(from: installed).filter { $0.model.names.contains(word) }
        guard found.count > 1 else { return found.first?.model }
        let names = found.prefix(ModelStoreLimits.namesInMessage).map {
            ForeignText.quoted($0.name)
        }
        throw ModelStoreError(
            .ambiguous,
            "\(ForeignText.quoted(word)) names \(found.count) models of this machine: say "
                + names.joined(separator: " or ") + ".")
    }

    /// Whether a word that is none of the models is rather a mistyped or foreign model than the
    /// beginning of a text: one word with a slash, a colon inside, the ending `.gguf`, a size such
    /// as `7b`, the name of a family, or a few edits from a known name.
    ///
    /// - Complexity: one listing of the store's folder.
    package func looksLikeModel(_ word: String) -> Bool {
        if ModelSource.hasScheme(word) || word.hasSuffix(".gguf") { return true }
        guard !word.isEmpty, !word.contains(where: \.isWhitespace) else { return false }
        return word.contains("/") || word.dropLast().contains(":")
            || ModelFamilies.names(word) || !names(near: word).isEmpty
    }

    /// A model to pull, or the one of its name that is here.
    private func reference(to remote: RemoteModel) throws(ModelStoreError) -> ModelReference {
        let model = try installed().first { $0.name == remote.name.rawValue }
        return model.map { .installed($0) } ?? .remote(remote)
    }

    /// Whether a word is the path of a folder of the hub: weights with their `config.json`.
    static func isModelFolder(_ word: String) -> Bool {
        FolderEntries.isFolder(word) && isFile(word + "/config.json")
    }

    static func looksLikePath(_ word: String) -> Bool {
        word.contains("/") || word.lowercased().hasSuffix(".gguf") || word == "." || word == ".."
    }

    /// Why a path cannot be opened.
    private static func noFile(_ path: String) -> ModelStoreError {
        let shown = ForeignText.quoted(path)
        do {
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type]
            if type as? FileAttributeType == .typeDirectory {
                return ModelStoreError(
                    .notFound,
                    "\(shown) is a folder without a config.json: name a .gguf file in it.")
            }
        } catch {
            if let number = SystemReason.number(of: error), number != POSIXErrorCode.ENOENT.rawValue
            {
                return ModelStoreError(
                    .notFound, "\(shown) cannot be read: \(SystemReason.text(error)).")
            }
        }
        let hub = HubFile.isRepository(path)
        return ModelStoreError(
            .notFound,
            "There is no file \(shown)."
                + (hub ? " For the model of that name on the hub write hf:\(path)." : ""))
    }

    /// The error for a word that is neither a file nor a name.
    static func unknown(_ word: String, installed: [String]) -> ModelStoreError {
        let shown = ForeignText.quoted(word)
        let catalogue = Catalogue.entries.map(\.name)
        let near = NearNames.suggestions(for: word, among: installed + catalogue)
        if let best = near.first {
            let what = near.count > 1 ? "one with: quire pull NAME" : "it with: quire pull \(best)"
            let remedy = installed.contains(best) ? "" : " Bring \(what)"
            return ModelStoreError(
                .notFound,
                """
                There is no model \(shown) and no such file. \
                Did you mean \(near.joined(separator: ", or "))?\(remedy)
                """)
        }
        return ModelStoreError(
            .notFound,
            """
            There is no model \(shown) and no such file. See what is here with: quire list; what \
            can be pulled by name with: quire pull --list. Any other model is named by its \
            source, such as hf:owner/repository:file.gguf.
            """)
    }

    /// The error for a model that cannot be removed, because there is none.
    static func notThere(_ name: ModelName, installed: [String]) -> ModelStoreError {
        let shown = installed.prefix(ModelStoreLimits.namesInMessage).map(ForeignText.quoted)
        let rest = installed.count > shown.count ? " and others (quire list)" : ""
        let list = shown.joined(separator: ", ")
        return ModelStoreError(
            .notFound,
            "No model '\(name)' is installed. "
                + (shown.isEmpty ? "None is." : "Installed: \(list)\(rest)."))
    }

    /// The error for a model that could be pulled.
    static func notInstalled(_ remote: RemoteModel) -> ModelStoreError {
        ModelStoreError(
            .notFound, "\(remote) is not installed. Bring it with: quire pull \(remote)")
    }
}
