/// A fast checksum of 64 bits against damage, not against an adversary.
///
/// Four lanes take turns at the 64-bit words. A lane takes a word by an exclusive or, a product
/// with an odd number and a rotation, each of which can be undone: any change of one word, and so
/// of one byte, always changes the checksum, and other damage escapes with a chance of 2^-64. The
/// rest of a last word is filled up with zeros, and the length is part of the checksum.
package enum Checksum64 {
    /// The checksum of bytes, different for each seed. O(n).
    package static func of(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
        let factor: UInt64 = 0x9FB2_1C65_1E98_DF25
        var lanes: SIMD4<UInt64> = [
            seed ^ 0x5851_F42D_4C95_7F2D, seed ^ 0x1405_7B7E_F767_814F,
            seed ^ 0xA076_1D64_78BD_642F, seed ^ 0xE703_7ED1_A0B4_28DB,
        ]
        let count = bytes.byteCount
        var offset = 0
        while offset + 32 <= count {
            for lane in 0..<4 {
                let word = unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset + 8 * lane, as: UInt64.self)
                lanes[lane] = step(lanes[lane], UInt64(littleEndian: word), factor)
            }
            offset += 32
        }
        var lane = 0
        while offset < count {
            var word: UInt64 = 0
            for byte in 0..<min(8, count - offset) {
                let value = unsafe bytes.unsafeLoad(
                    fromUncheckedByteOffset: offset + byte, as: UInt8.self)
                word |= UInt64(value) << UInt64(8 * byte)
            }
            lanes[lane] = step(lanes[lane], word, factor)
            lane += 1
            offset += 8
        }
        var sum = UInt64(count)
        for lane in 0..<4 { sum = finish(sum ^ lanes[lane]) }
        return sum
    }

    @inline(__always)
    private static func step(_ lane: UInt64, _ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = (lane ^ word) &* factor
        return product << 29 | product >> 35
    }

    /// Spreads every bit over all; can be undone.
    private static func finish(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Checksum64 {
    /// The checksum of an array's bytes.
    package static func of(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        unsafe of(bytes.span.bytes, seed: seed)
    }
}

extension KVArena {
    /// The checksum of a page, that of the checksums of its layers. O(`pageBytes`).
    package func checksum(page: Int, seed: UInt64 = 0) -> UInt64 {
        var sums: [UInt64] = []
        forEachRun(0..<pageBytes) { run in
            let start = unsafe UnsafeRawPointer(pointer(page: page, offset: run.lowerBound))
            let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: run.count)
            sums.append(Checksum64.of(bytes, seed: seed))
        }
        return unsafe Checksum64.of(sums.span.bytes, seed: seed)
    }
}
