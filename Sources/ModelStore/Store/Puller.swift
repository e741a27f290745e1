/// Downloads models into a store.
package struct Puller: Sendable {
    /// What came of a pull.
    package struct Outcome: Hashable, Sendable {
        /// The model, as it is in the store now.
        package let model: InstalledModel
        /// The sums of its files, in their order.
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

    /// Downloads the model that a word names, unless it is installed.
    ///
    /// - Parameters:
    ///   - word: a name of the catalogue, or a source.
    ///   - name: what it is to be called; nil: the catalogue's name, or one made of the file's.
    ///   - replacing: whether an installed model of that name is downloaded again.
    /// - Throws: what is wrong and how to remedy it. A download over HTTP that broke off goes on
    ///   from there in the next call.
    package func pull(
        _ word: String, as name: ModelName? = nil, replacing: Bool = false
    ) async throws(ModelStoreError) -> Outcome {
        try await pull(RemoteModel(parsing: word, as: name), replacing: replacing)
    }

    /// The file to open for a person's word, which is pulled if it is not here: what `find(_:)`
    /// understands.
    @concurrent
    package func path(of word: String) async throws(ModelStoreError) -> String {
        switch try store.find(word) {
        case .file(let path): path
        case .installed(let model): model.path
        case .foreign(let model): model.path
        case .remote(let model): try await pull(model).model.path
        }
    }

    /// Downloads a model, unless it is installed.
    ///
    /// - Parameters:
    ///   - remote: what to bring.
    ///   - replacing: whether an installed model of that name is brought again.
    /// - Throws: as `pull(_:as:replacing:)` does.
    @concurrent
    package func pull(
        _ remote: RemoteModel, replacing: Bool = false
    ) async throws(ModelStoreError) -> Outcome {
        let name = remote.name
        if !replacing, let model = try installed(name) {
            return try outcome(of: model, asked: remote)
        }
        try LocalDisk.createFolder(store.folder)
        let lock = try PullLock(path: "\(store.folder)/.\(name).lock", name: name)
        defer { lock.release() }
        return try await pull(name, from: remote.sources, byteCount: remote.byteCount)
    }

    private func installed(_ name: ModelName) throws(ModelStoreError) -> InstalledModel? {
        try store.installed().first { $0.name == name.rawValue }
    }

    /// What a pull of a model that is here already comes to: its sums are those of the files as
    /// they are now.
    private func outcome(
        of model: InstalledModel, asked remote: RemoteModel
    ) throws(ModelStoreError) -> Outcome {
        report(.verifying)
        var sums: [SHA256Digest] = []
        var received = 0
        for file in model.files {
            let sum = try SHA256Digest.ofFile(file) { count in
                received += count
                report(.progress(received: received, total: model.byteCount))
            }
            sums.append(sum)
        }
        if let wanted = remote.sha256, sums != [wanted] {
            throw ModelStoreError(
                .checksumMismatch,
                """
                Another model is here under the name \(model.name): its SHA-256 is \
                \(sums.map(\.description).joined(separator: ", ")), wanted is \(wanted). Choose \
                another name with --as NAME, or replace it with --force.
                """)
        }
        return Outcome(model: model, sums: sums, source: nil)
    }

    /// Downloads a model from the first of its sources that works.
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
