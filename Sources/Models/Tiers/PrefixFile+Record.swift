import KVCache
import QuireIdentifiers
import Tensors

extension PrefixFile {
    /// The bytes before the page of a record.
    ///
    /// ```
    /// record number 8 | key 16 | serial 8 | parent 8 | group 4 | scope bytes 4
    /// tokens 4 x block size | scope 256 | checksum of the page 8 | checksum of all these 8
    /// ```
    ///
    /// Both checksums start from the file's nonce, and the first is covered by the second: a record
    /// that was torn, moved, or left from another file is no record.
    struct RecordHeader: Hashable, Sendable {
        var record: TierRecord
        var pageChecksum: UInt64

        /// The bytes of a scope that a record has room for.
        static let scopeBytes = 256

        static func byteCount(_ layout: Layout) -> Int {
            48 + 4 * layout.blockSize + scopeBytes + 16
        }

        /// The bytes, for the record of a number.
        func bytes(_ number: Int, _ header: Header) -> [UInt8] {
            var writer = ByteWriter()
            writer.append(UInt64(number))
            writer.append(record.key.high)
            writer.append(record.key.low)
            writer.append(record.serial)
            writer.append(record.parent)
            writer.append(UInt32(record.group))
            let scope = PrefixFile.bytes(of: record.scope)
            writer.append(UInt32(scope.count))
            for token in record.tokens { writer.append(token.rawValue) }
            writer.append(scope)
            writer.pad(to: Self.byteCount(header.layout) - 16)
            writer.append(pageChecksum)
            writer.append(Checksum64.of(writer.bytes, seed: header.nonce))
            return writer.bytes
        }

        init(_ record: TierRecord, pageChecksum: UInt64) {
            self.record = record
            self.pageChecksum = pageChecksum
        }

        /// Reads a record's header; nil unless it is, byte for byte, one that was written for this
        /// place of this file.
        init?(_ bytes: [UInt8], _ number: Int, _ header: Header) {
            guard bytes.count == Self.byteCount(header.layout) else { return nil }
            var reader = ByteReader(bytes)
            guard reader.number() == UInt64(number), let high: UInt64 = reader.number(),
                let low: UInt64 = reader.number(), let serial: UInt64 = reader.number(),
                let parent: UInt64 = reader.number(), let group: UInt32 = reader.number(),
                let scopeCount: UInt32 = reader.number(), scopeCount <= Self.scopeBytes,
                Int(group) < header.layout.groups, serial > 0, parent != serial
            else { return nil }
            var tokens: [TokenID] = []
            tokens.reserveCapacity(header.layout.blockSize)
            for _ in 0..<header.layout.blockSize {
                guard let token: UInt32 = reader.number() else { return nil }
                tokens.append(TokenID(token))
            }
            guard let room = reader.next(Self.scopeBytes),
                let scope = PrefixFile.scope(room.prefix(Int(scopeCount))),
                let pageChecksum: UInt64 = reader.number()
            else { return nil }
            self.init(
                TierRecord(
                    key: BlockKey(high: high, low: low), serial: serial, parent: parent,
                    group: Int(group), scope: scope, tokens: tokens),
                pageChecksum: pageChecksum)
            guard bytes == self.bytes(number, header) else { return nil }
        }
    }

    /// Whether a record has room for a scope.
    static func fits(_ scope: PrefixScope) -> Bool {
        bytes(of: scope).count <= RecordHeader.scopeBytes
    }

    /// Each part of a scope: whether it is there, its length, its text.
    fileprivate static func bytes(of scope: PrefixScope) -> [UInt8] {
        var writer = ByteWriter()
        for part in [scope.salt, scope.adapter] {
            writer.append(UInt8(part == nil ? 0 : 1))
            guard let part else { continue }
            writer.append(UInt32(part.utf8.count))
            writer.append(Array(part.utf8))
        }
        return writer.bytes
    }

    fileprivate static func scope(_ bytes: ArraySlice<UInt8>) -> PrefixScope? {
        var reader = ByteReader(Array(bytes))
        var parts: [String?] = []
        for _ in 0..<2 {
            guard let flag: UInt8 = reader.number() else { return nil }
            guard flag != 0 else {
                parts.append(nil)
                continue
            }
            guard let count: UInt32 = reader.number(), let text = reader.next(Int(count)) else {
                return nil
            }
            parts.append(String(decoding: text, as: UTF8.self))
        }
        return PrefixScope(salt: parts[0], adapter: parts[1])
    }
}
