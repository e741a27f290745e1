/// A model in the store.
package struct InstalledModel: Hashable, Sendable {
    /// The model's name: that of its file, without `.gguf`.
    package let name: String
    /// The file to open; of a split model the first one.
    package let path: String
    /// Every file of the model, in order.
    package let files: [String]
    /// Bytes of all the files.
    package let byteCount: Int
}
