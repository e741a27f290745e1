import Tensors

extension GGUFWriter {
    /// Writes the file, replacing what was there; it appears complete or not at all.
    ///
    /// - Parameters:
    ///   - path: Where it is to be. It is written beside that, under a name that ends in
    ///     `.partial`, and moved when it is whole.
    ///   - progress: Called with the number of bytes written so far; what it throws ends the
    ///     writing, and nothing is left.
    /// - Throws: `notWritable`, and what the makers of tensors throw.
    package func write(
        to path: String, progress: (Int) throws(ModelFileError) -> Void = { _ in }
    ) throws(ModelFileError) {
        let file = try Self.writing(path) { () throws(TensorError) -> LockedFile in
            let file = try LockedFile(path: path + ".partial", mode: 0o666)
            guard file.isInPlace else {
                throw TensorError(.fileInUse, "another process has just written \(path)")
            }
            return file
        }
        do {
            try Self.writing(path) { () throws(TensorError) in try file.truncate(to: 0) }
            var written = 0
            try stream { (bytes) throws(ModelFileError) in
                try Self.writing(path) { () throws(TensorError) in
                    try file.write(bytes, at: written)
                }
                written += bytes.count
                try progress(written)
            }
            try Self.writing(path) { () throws(TensorError) in try file.replaceFile(at: path) }
        } catch {
            file.remove()
            throw error
        }
    }

    private static func writing<Value>(
        _ path: String, _ body: () throws(TensorError) -> Value
    ) throws(ModelFileError) -> Value {
        do {
            return try body()
        } catch {
            throw ModelFileError(.notWritable, path: path, error.message)
        }
    }
}
