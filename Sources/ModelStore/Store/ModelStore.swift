import Foundation

/// The folder of installed models. A model is the file `NAME.gguf`, or the files
/// `NAME-00001-of-00005.gguf` and so on; a file that a person puts there is installed too.
///
/// The folder is the whole state: there is no index that could disagree with it.
package struct ModelStore: Sendable {
    /// The folder that holds the model files; it need not exist yet.
    package let folder: String

    /// Where else models may lie.
    private let places: ForeignPlaces

    /// A store in a given folder.
    ///
    /// - Parameter places: where other programs keep models, which are found too.
    package init(folder: String, places: ForeignPlaces = ForeignPlaces()) {
        self.folder = folder
        self.places = places
    }

    /// The user's store: `$QUIRE_HOME/models`, or else `$XDG_DATA_HOME/quire/models`, or else
    /// `~/.local/share/quire/models`.
    package init(environment: [String: String]) {
        places = ForeignPlaces(environment: environment)
        func absolute(_ variable: String) -> String? {
            // The XDG rules say that a relative path is to be ignored.
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if let home = environment["QUIRE_HOME"], !home.isEmpty {
            folder = home + "/models"
        } else if let data = absolute("XDG_DATA_HOME") {
            folder = data + "/quire/models"
        } else {
            let home =
                absolute("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
            folder = home + "/.local/share/quire/models"
        }
    }

    /// The store of this process's environment.
    package init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    /// The file that keeps the packed weights of a model file, installed or not; its folder, which
    /// lies beside that of the models, is made if it is not there.
    ///
    /// - Throws: `fileSystem` if it cannot be made.
    package func packedFile(of modelPath: String) throws(ModelStoreError) -> String {
        let path = packedPath(of: modelPath)
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
        } catch {
            throw ModelStoreError(
                .fileSystem,
                "The folder of \(path) cannot be made: \(SystemReason.text(error)).")
        }
        return path
    }

    /// Where the packed weights of a model file are kept: two files of one name in two folders do
    /// not share it.
    func packedPath(of modelPath: String) -> String {
        let url = URL(fileURLWithPath: modelPath).standardizedFileURL
        var hash = SHA256()
        hash.update(Array(url.path.utf8).span)
        let stem = url.deletingPathExtension().lastPathComponent
        let home = (folder as NSString).deletingLastPathComponent
        return "\(home)/packed/\(stem)-\(hash.finalize().description.prefix(8)).panels"
    }

    /// The file to open for what a person typed: the path of an existing file, or the name of an
    /// installed model.
    ///
    /// - Throws: `notFound`, with near names and the command that would bring the model.
    package func resolve(_ nameOrPath: String) throws(ModelStoreError) -> String {
        switch try find(nameOrPath) {
        case .file(let path): return path
        case .installed(let model): return model.path
        case .foreign(let model): return model.path
        case .remote(let model): throw Self.notInstalled(model)
        }
    }

    /// Names of models that are here and of the catalogue that may be meant by `name`, the nearest
    /// first; its own name where it is one of them.
    package func names(near name: String) -> [String] {
        NearNames.suggestions(for: name, among: namesHere + Catalogue.entries.map(\.name))
    }

    /// The names of the models that can be run without a download.
    package var namesHere: [String] {
        let installed = ((try? installed()) ?? []).map(\.name)
        return installed + foreign().namedApart(from: Set(installed)).map(\.name)
    }

    /// The models of other programs on this machine.
    ///
    /// - Complexity: a listing of their folders; no model file is opened.
    package func foreign() -> ForeignModels { places.look() }

    /// The installed models, by name.
    ///
    /// - Complexity: one listing of the folder; no model file is opened.
    package func installed() throws(ModelStoreError) -> [InstalledModel] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder) else { return [] }
        let entries: [String]
        do {
            entries = try manager.contentsOfDirectory(atPath: folder)
        } catch {
            throw ModelStoreError(
                .fileSystem,
                "The store's folder \(folder) cannot be read: \(SystemReason.text(error)).")
        }
        var parts: [String: [(index: Int, file: String)]] = [:]
        for entry in entries where entry.hasSuffix(".gguf") && !entry.hasPrefix(".") {
            let stem = String(entry.dropLast(5))
            let split = SplitFileName(stem: stem)
            parts[split?.base ?? stem, default: []].append((split?.index ?? 0, entry))
        }
        return parts.sorted { $0.key < $1.key }.compactMap { name, parts in
            let files = parts.sorted { $0.index < $1.index }.map { folder + "/" + $0.file }
            guard let first = files.first, files.allSatisfy(Self.isFile) else { return nil }
            let bytes = files.reduce(0) { $0 + (Self.byteCount(of: $1) ?? 0) }
            return InstalledModel(name: name, path: first, files: files, byteCount: bytes)
        }
    }

    /// Removes a model, what a broken-off download of it left, and its packed weights; answers the
    /// bytes freed.
    package func remove(_ name: ModelName) throws(ModelStoreError) -> Int {
        let installed = try installed()
        let model = installed.first { $0.name == name.rawValue }
        let leftovers = leftovers(of: name)
        guard model != nil || !leftovers.isEmpty else {
            throw Self.notThere(name, installed: installed.map(\.name))
        }
        let packed = model.map { packedPath(of: $0.path) }.map { [$0, $0 + ".partial"] } ?? []
        var freed = 0
        for path in (model?.files ?? []) + leftovers + packed.filter(Self.isFile) {
            let bytes = Self.byteCount(of: path) ?? 0
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw ModelStoreError(
                    .fileSystem, "\(path) cannot be removed: \(SystemReason.text(error)).")
            }
            freed += bytes
        }
        return freed
    }

    /// The file that a model of one file has.
    func path(of name: ModelName) -> String {
        "\(folder)/\(name).gguf"
    }

    /// Partial downloads of a model and their records.
    private func leftovers(of name: ModelName) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { entry in
            guard let end = entry.firstRange(of: ".gguf.") else { return false }
            let stem = String(entry[..<end.lowerBound])
            let base = SplitFileName(stem: stem)?.base ?? stem
            return base == name.rawValue && PartialFile.endings.contains { entry.hasSuffix($0) }
        }.map { "\(folder)/\($0)" }
    }

    /// Whether something other than a folder lies at the path.
    static func isFile(_ path: String) -> Bool {
        guard let type = attributes(of: path)?[.type] as? FileAttributeType else { return false }
        return type != .typeDirectory
    }

    static func byteCount(of path: String) -> Int? {
        (attributes(of: path)?[.size] as? NSNumber)?.intValue
    }

    private static func attributes(of path: String) -> [FileAttributeKey: Any]? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? FileManager.default.attributesOfItem(atPath: resolved)
    }
}
