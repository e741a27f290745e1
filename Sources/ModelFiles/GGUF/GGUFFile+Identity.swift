import Tensors

extension GGUFFile {
    /// Whether a path holds bytes that are not UTF-8, as `FileName` keeps them.
    package static func hasForeignName(_ path: String) -> Bool { FileName.isForeign(path) }

    /// A number that two files share only if, for all practical purposes, they are the same model
    /// in the same format: a checksum of the headers and of samples of every tensor.
    ///
    /// - Throws: `ModelFileError.unreadable` if a file has become shorter since it was opened.
    /// - Complexity: O(bytes of the headers + tensors).
    package func identity() throws(ModelFileError) -> UInt64 {
        var sum: UInt64 = UInt64(parts.count)
        for (index, part) in parts.enumerated() {
            let own = tensors.filter { $0.fileIndex == index }
            let header = own.map(\.offset).min() ?? part.byteCount
            sum = try part.checksum(0..<header, seed: sum)
            for tensor in own { sum = try part.sample(tensor.range, seed: sum) }
        }
        return sum
    }

    /// A number that changes when the files do, even by a byte between the samples of `identity`:
    /// that, and the files' sizes and times of their last change.
    ///
    /// - Throws: as `identity`.
    /// - Complexity: as `identity`.
    package func revision() throws(ModelFileError) -> UInt64 {
        parts.reduce(try identity()) { $1.revision(seed: $0) }
    }
}
