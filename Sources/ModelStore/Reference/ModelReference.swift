/// What a person's word for a model means: the answer of `ModelStore.find(_:)`.
///
/// ```swift
/// switch try store.find(word) {
/// case .file(let path): path
/// case .installed(let model): model.path
/// case .foreign(let model): model.path
/// case .remote(let model): try await puller.pull(model).model.path
/// }
/// ```
package enum ModelReference: Hashable, Sendable {
    /// A file of this machine, by its path.
    case file(String)
    /// A model of the store, by its name or by the source that gave it its name.
    case installed(InstalledModel)
    /// A model that another program keeps on this machine.
    case foreign(ForeignModel)
    /// A model that is not here and may be pulled.
    case remote(RemoteModel)

    /// The file to open; nil for a model that is not here.
    package var path: String? {
        switch self {
        case .file(let path): path
        case .installed(let model): model.path
        case .foreign(let model): model.path
        case .remote: nil
        }
    }
}
