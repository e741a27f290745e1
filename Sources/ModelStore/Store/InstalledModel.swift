/// A model in the store.
public struct InstalledModel: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The file to open; of a split model the first one.
    public let path: String
    /// Every file of the model, in order.
    public let files: [String]
    /// Bytes of all the files.
    public let byteCount: Int
}
