import Foundation

/// Brings models into a store.
package struct Puller: Sendable {
    /// What came of a pull.
    package struct Outcome: Hashable, Sendable {
        /// The model, as it is in the store now.
        package let model: InstalledModel
        /// The sums of its files; empty when it was there already.
        package let sums: [SHA256Digest]
        /// The source that it came from; nil when it was there already.
        package let source: String?
    }

    let store: ModelStore
    let environment: [String: String]
    let report: @Sendable (PullEvent) -> Void
    var disk: any Disk = LocalDisk()
    var retry = RetryPolicy()
    var connections = ModelStoreLimits.connections
    var segmentBytes = ModelStoreLimits.segmentBytes
    var readTimeout = Duration.seconds(30)

    /// - Parameters:
    ///   - store: where models go.
    ///   - environment: `HF_ENDPOINT`, `HF_TOKEN`, `PATH` for pip, and the proxy are read from it.
    ///   - report: told what happens, from any thread.
    package init(
        store: ModelStore, environment: [String: String],
        report: @escaping @Sendable (PullEvent) -> Void
    ) {
        self.store = store
        self.environment = environment
        self.report = report
    }

    /// Brings a model.
    ///
    /// - Parameters:
    ///   - text: a name of the catalogue, or a source.
    ///   - name: what it is to be called; nil: the catalogue's name, or one made of the file's.
    ///   - replacing: whether an installed model of that name is brought again.
    /// - Throws: what is wrong and how to remedy it. A download over HTTP that broke off goes on
    ///   from there in the next call.
    @concurrent
    package func pull(
        _ text: String, as name: ModelName? = nil, replacing: Bool = false
    ) async throws(ModelStoreError) -> Outcome {
        let entry = Catalogue.entry(named: text)
        let sources: [ModelSource]
        if let entry {
            sources = entry.sources
        } else {
            sources = [try source(text)]
        }
        let derived = try entry.map { entry throws(ModelStoreError) in try ModelName(entry.name) }
        guard let name = name ?? derived ?? sources.first?.defaultName else {
            throw ModelStoreError(
                .invalidName, "Give the model a name: quire pull \(text) --as NAME")
        }
        if !replacing, let model = try installed(name) {
            return Outcome(model: model, sums: [], source: nil)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: store.folder, withIntermediateDirectories: true)
        } catch {
            throw ModelStoreError(
                .fileSystem, "The store's folder \(store.folder) cannot be made: \(error)")
        }
        let lock = try PullLock(path: "\(store.folder)/.\(name).lock", name: name)
        defer { lock.release() }
        return try await pull(name, from: sources, byteCount: entry?.byteCount)
    }

    private func installed(_ name: ModelName) throws(ModelStoreError) -> InstalledModel? {
        try store.installed().first { $0.name == name.rawValue }
    }

    /// A text that is no name of the catalogue: a source, or a name that was mistyped.
    private func source(_ text: String) throws(ModelStoreError) -> ModelSource {
        if text.contains(":") { return try ModelSource(parsing: text) }
        let near = NearNames.suggestions(for: text, among: Catalogue.entries.map(\.name))
        let hint =
            near.isEmpty
            ? "See the names with: quire pull --list"
            : "Did you mean \(near.joined(separator: ", or "))?"
        throw ModelStoreError(
            .notFound,
            """
            There is no '\(text)' in the catalogue. \(hint) Other models are named by their \
            source, such as hf:owner/repository:file.gguf.
            """)
    }

    /// Brings a model from the first of the sources that works.
    func pull(
        _ name: ModelName, from sources: [ModelSource], byteCount: Int?
    ) async throws(ModelStoreError) -> Outcome {
        var failures: [(source: ModelSource, error: ModelStoreError)] = []
        for source in sources {
            report(.trying(source.description))
            do throws(ModelStoreError) {
                let sums = try await fetch(source, name: name, byteCount: byteCount)
                guard let model = try installed(name) else {
                    throw ModelStoreError(.fileSystem, "\(name) vanished from \(store.folder).")
                }
                return Outcome(model: model, sums: sums, source: source.description)
            } catch {
                // Another source would meet the same disk, and the same wish to stop.
                if [.cancelled, .diskFull, .fileSystem].contains(error.code) { throw error }
                failures.append((source, error))
                if failures.count < sources.count {
                    report(.sourceFailed(source.description, reason: error.message))
                }
            }
        }
        if failures.count == 1 { throw failures[0].error }
        throw ModelStoreError(
            .allSourcesFailed,
            "No source of \(name) could be used:\n"
                + failures.map { "  \($0.source): \($0.error)" }.joined(separator: "\n"))
    }
}
