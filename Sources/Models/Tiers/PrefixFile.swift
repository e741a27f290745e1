import KVCache
import Tensors

/// The file tier's file: a header, then records of equal size, each a block of the prefix cache.
///
/// ```
/// [header 4096][record 0: header, page][record 1: header, page] ...
/// ```
///
/// Nothing in it is trusted: a record counts only if every byte is what this file's checksums say,
/// so damage, a torn write or a foreign file costs a recomputation and never a wrong token. This is
/// no defence against forged files: checksums are not signatures.
///
/// Its calls block and belong on a thread of their own.
struct PrefixFile: Sendable {
    /// How a file was found.
    enum Opening: Hashable, Sendable {
        /// It was new or empty.
        case created
        /// It was the cache of the same model and layout.
        case reopened
        /// It was a cache of another model, layout or version, or damaged: it starts over.
        case rebuilt
    }

    let storage: any PageStorage
    let header: Header

    var layout: Layout { header.layout }

    /// Bytes of a record.
    static func recordBytes(_ layout: Layout) -> Int {
        RecordHeader.byteCount(layout) + layout.pageBytes
    }

    /// Takes over a file.
    ///
    /// - Parameters:
    ///   - storage: its bytes.
    ///   - layout: what they must agree with.
    ///   - capacity: records that may be kept; a longer file is cut.
    ///   - fresh: the seed of the keys and the nonce of a file that starts over.
    /// - Returns: the file, what is in it by record number, and how it was found.
    /// - Throws: `TensorError` if the device fails, or if the file is something else than a cache,
    ///   which is left as it is.
    /// - Complexity: O(records): one small read each.
    static func open(
        _ storage: any PageStorage, layout: Layout, capacity: Int, fresh: (UInt64, UInt64)
    ) throws(TensorError) -> (file: PrefixFile, records: [Int: TierRecord], opening: Opening) {
        let count = try storage.byteCount()
        let start = try storage.read(min(count, Header.byteCount), at: 0)
        guard Header.frame.isBegun(by: start) else {
            throw TensorError(
                .fileUnreadable,
                "the file is not a prefix cache and is left as it is: give the path of a new file")
        }
        if let header = Header(start, for: layout) {
            let file = PrefixFile(storage: storage, header: header)
            let longest = Header.byteCount + capacity * recordBytes(layout)
            if count > longest { try storage.truncate(to: longest) }
            return (file, try file.index(min(count, longest)), .reopened)
        }
        let header = Header(layout: layout, seed: fresh.0, nonce: fresh.1)
        try storage.truncate(to: 0)
        try storage.write(header.bytes, at: 0)
        return (
            PrefixFile(storage: storage, header: header), [:], count == 0 ? .created : .rebuilt
        )
    }

    /// Reads the headers of all whole records.
    private func index(_ byteCount: Int) throws(TensorError) -> [Int: TierRecord] {
        let recordBytes = Self.recordBytes(layout)
        var records: [Int: TierRecord] = [:]
        for number in 0..<max(0, (byteCount - Header.byteCount) / recordBytes) {
            let bytes = try storage.read(RecordHeader.byteCount(layout), at: place(number))
            records[number] = RecordHeader(bytes, number, header)?.record
        }
        return records
    }

    /// Writes a block's page, and what it is, to a record.
    ///
    /// The page goes first: until the header is whole, and after a crash in between, the record
    /// fails one of its checksums.
    func write(
        _ record: TierRecord, at number: Int, page: Int, of arena: KVArena
    ) throws(TensorError) {
        let sum = arena.checksum(page: page, seed: header.nonce)
        let bytes = RecordHeader(record, pageChecksum: sum).bytes(number, header)
        try storage.writePage(page, of: arena, at: place(number) + bytes.count)
        try storage.write(bytes, at: place(number))
    }

    /// Reads a record into a page; false, with an undefined page, unless it holds exactly this
    /// block.
    func read(
        _ record: TierRecord, at number: Int, page: Int, of arena: KVArena
    ) throws(TensorError) -> Bool {
        let bytes = try storage.read(RecordHeader.byteCount(layout), at: place(number))
        guard let found = RecordHeader(bytes, number, header), found.record == record else {
            return false
        }
        try storage.readPage(page, of: arena, at: place(number) + bytes.count)
        return arena.checksum(page: page, seed: header.nonce) == found.pageChecksum
    }

    private func place(_ number: Int) -> Int {
        Header.byteCount + number * Self.recordBytes(layout)
    }
}
