import Tensors

/// A file that has the packed weights of a model as a step reads them, to be mapped.
///
/// ```
/// [header 4096][panels of every matrix, in the order in which a step reads them]
/// ```
///
/// Nothing in it is trusted: it counts only if every byte is what its checksums say and it is of
/// exactly this model file, level and way of packing. Otherwise the weights are packed again. This
/// is no defence against forged files: checksums are not signatures.
enum PanelFile {
    /// What a file must agree with.
    struct Identity: Hashable, Sendable {
        /// The model's files.
        var model: UInt64
        /// The level and how its kernels pack.
        var packing: UInt64
        /// The bytes of all panels.
        var byteCount: Int
    }

    /// What was found at a path.
    enum Finding {
        /// The panels.
        case panels(PanelMemory)
        /// No file.
        case nothing
        /// A file that cannot be used: what is wrong with it, to be put after its name.
        case useless(String)
    }

    /// The file's first bytes, with these fields:
    ///
    /// ```
    /// model 8 | packing 8 | bytes of panels 8 | checksum of the panels 8
    /// ```
    struct Header {
        static let frame = FileHeader(magic: "QuirePK\n", version: 1)
        static let byteCount = FileHeader.byteCount

        var identity: Identity
        var checksum: UInt64

        var bytes: [UInt8] {
            Self.frame.bytes { writer in
                writer.append(identity.model)
                writer.append(identity.packing)
                writer.append(UInt64(identity.byteCount))
                writer.append(checksum)
            }
        }
    }

    /// Maps the panels of a file.
    ///
    /// Reads all of it once, with the threads of `pool`.
    static func open(_ path: String, _ identity: Identity, pool: WorkerPool) -> Finding {
        do {
            let file = try MappedFile(path: path)
            guard file.count >= Header.byteCount else { return .useless("is cut short") }
            var bytes: [UInt8] = []
            try file.copy(0..<Header.byteCount, appendingTo: &bytes)
            if let fault = fault(bytes, identity) { return .useless(fault) }
            guard file.count == Header.byteCount + identity.byteCount else {
                return .useless("is cut short or too long")
            }
            let memory = try PanelMemory(
                file: file, offset: Header.byteCount, count: identity.byteCount)
            let header = Header(identity: identity, checksum: memory.checksum(by: pool))
            return header.bytes == bytes ? .panels(memory) : .useless("is damaged")
        } catch let error where error.code == .fileNotFound {
            return .nothing
        } catch {
            return .useless("cannot be used: \(error.message)")
        }
    }

    /// What is wrong with a header, its checksums apart; nil if nothing is.
    private static func fault(_ bytes: [UInt8], _ identity: Identity) -> String? {
        guard Header.frame.isBegun(by: bytes) else { return "is no file of packed weights" }
        guard var reader = Header.frame.fields(of: bytes) else { return "is of another version" }
        guard reader.number() == identity.model else {
            return "is of another model, or of the model before it changed"
        }
        guard reader.number() == identity.packing else {
            return "was packed for another processor or by another version"
        }
        guard reader.number() == UInt64(identity.byteCount) else { return "is damaged" }
        return nil
    }

    /// Writes panels, the header last, over whatever `storage` has.
    ///
    /// - Throws: `TensorError` if the device fails or is full; what is there then counts for
    ///   nothing.
    static func write(
        _ panels: PanelMemory, _ identity: Identity, to storage: any PageStorage,
        pool: WorkerPool, part: Int = ModelLimits.panelFileWriteBytes
    ) throws(TensorError) {
        precondition(panels.count == identity.byteCount, "panels of another size")
        try storage.truncate(to: 0)
        for start in stride(from: 0, to: panels.count, by: part) {
            let end = min(start + part, panels.count)
            try storage.write(panels.copy(start..<end), at: Header.byteCount + start)
        }
        let header = Header(identity: identity, checksum: panels.checksum(by: pool))
        try storage.write(header.bytes, at: 0)
    }
}
