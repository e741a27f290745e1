extension PrefixFile {
    /// What every page of a file must agree with: another layout, another file.
    struct Layout: Hashable, Sendable {
        /// The model, its format, and all that decides a bit of its keys and values.
        var fingerprint: UInt64
        /// Tokens of a block.
        var blockSize: Int
        /// Bytes of a page.
        var pageBytes: Int
        /// Cache groups.
        var groups: Int
    }

    /// The file's first bytes, with these fields:
    ///
    /// ```
    /// seed of the keys 8 | nonce 8 | fingerprint 8 | block size 4 | groups 4 | page bytes 8
    /// ```
    struct Header: Hashable, Sendable {
        static let frame = FileHeader(magic: "QuireKV\n", version: 2)
        static let byteCount = FileHeader.byteCount

        var layout: Layout
        /// The seed of the blocks' keys.
        var seed: UInt64
        /// Different for each file that was ever made, so that no record of one passes in another.
        var nonce: UInt64

        var bytes: [UInt8] {
            Self.frame.bytes { writer in
                writer.append(seed)
                writer.append(nonce)
                writer.append(layout.fingerprint)
                writer.append(UInt32(layout.blockSize))
                writer.append(UInt32(layout.groups))
                writer.append(UInt64(layout.pageBytes))
            }
        }

        init(layout: Layout, seed: UInt64, nonce: UInt64) {
            self.layout = layout
            self.seed = seed
            self.nonce = nonce
        }

        /// Reads a header; nil unless it is, byte for byte, one that this version wrote for the
        /// layout.
        init?(_ bytes: [UInt8], for layout: Layout) {
            guard var reader = Self.frame.fields(of: bytes), let seed: UInt64 = reader.number(),
                let nonce: UInt64 = reader.number()
            else { return nil }
            self.init(layout: layout, seed: seed, nonce: nonce)
            guard bytes == self.bytes else { return nil }
        }
    }
}
