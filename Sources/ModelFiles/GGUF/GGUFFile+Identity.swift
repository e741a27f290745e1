import Tensors

extension GGUFFile {
    /// Whether a path holds bytes that are not UTF-8, as `FileName` keeps them.
    package static func hasForeignName(_ path: String) -> Bool { FileName.isForeign(path) }

    /// A number that two files share only if, for all practical purposes, they are the same model
    /// in the same format: a checksum of the headers and of samples of every tensor.
    ///
    /// Not of all bytes, which would read gigabytes: `sampleCount` runs of `sampleBytes` bytes
    /// spread over each tensor, its first and last bytes among them. Weights that were trained
    /// differ everywhere.
    ///
    /// - Throws: `ModelFileError.unreadable` if a file has become shorter since it was opened.
    /// - Complexity: O(bytes of the headers + tensors).
    package func identity() throws(ModelFileError) -> UInt64 {
        var sum: UInt64 = UInt64(parts.count)
        for (index, part) in parts.enumerated() {
            let own = tensors.filter { $0.fileIndex == index }
            let header = own.map(\.offset).min() ?? part.byteCount
            sum = try part.checksum(0..<header, seed: sum)
            for tensor in own {
                let last = max(0, tensor.byteCount - Self.sampleBytes)
                for sample in 0..<Self.sampleCount {
                    let start = tensor.offset + last / (Self.sampleCount - 1) * sample
                    let end = min(start + Self.sampleBytes, tensor.offset + tensor.byteCount)
                    sum = try part.checksum(start..<end, seed: sum)
                }
                let tail = tensor.offset + last..<tensor.offset + tensor.byteCount
                sum = try part.checksum(tail, seed: sum)
            }
        }
        return sum
    }

    /// A number that changes when the files do, even by a byte between the samples of `identity`:
    /// that, and the files' sizes and times of their last change.
    ///
    /// - Throws: as `identity`.
    /// - Complexity: as `identity`.
    package func revision() throws(ModelFileError) -> UInt64 {
        var sum = try identity()
        for part in parts {
            guard case .mapped(let file) = part.storage else { continue }
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt64(file.count), count: 8)
            bytes.append(littleEndian: UInt64(bitPattern: Int64(file.modified)), count: 8)
            sum = Checksum64.of(bytes, seed: sum)
        }
        return sum
    }

    private static let sampleCount = 8
    private static let sampleBytes = 256
}

extension GGUFPart {
    fileprivate func checksum(_ range: Range<Int>, seed: UInt64) throws(ModelFileError) -> UInt64 {
        switch storage {
        case .memory(let bytes):
            return Checksum64.of(Array(bytes[range]), seed: seed)
        case .mapped(let file):
            return try asModelFileError(path) { () throws(TensorError) in
                var bytes: [UInt8] = []
                try file.copy(range, appendingTo: &bytes)
                return Checksum64.of(bytes, seed: seed)
            }
        }
    }
}
