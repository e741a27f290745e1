extension SafetensorsFile {
    /// A number that two models share only if, for all practical purposes, they have the same
    /// tensors in the same types: a checksum of the headers and of samples of every tensor.
    ///
    /// - Throws: `ModelFileError.unreadable` if a file has become shorter since it was opened.
    /// - Complexity: O(bytes of the headers + tensors).
    package func identity() throws(ModelFileError) -> UInt64 {
        // Apart from the sums of GGUF files.
        var sum = UInt64(parts.count) << 32 | 0x5354
        for (index, part) in parts.enumerated() {
            let own = tensors.filter { $0.fileIndex == index }
            let header = own.first?.range.lowerBound ?? part.byteCount
            sum = try part.checksum(0..<header, seed: sum)
            for tensor in own { sum = try part.sample(tensor.range, seed: sum) }
        }
        return sum
    }

    /// A number that changes when the files do, even by a byte between the samples of `identity`:
    /// that, and the files' sizes and times of their last change. Throws as `identity`.
    package func revision() throws(ModelFileError) -> UInt64 {
        parts.reduce(try identity()) { $1.revision(seed: $0) }
    }
}
