/// The formats in blocks of 256, as the weight at place i of a block.
///
/// Offsets in a block are written out where they are used; i / 128 counts halves, i / 32 % 4 the
/// planes of bits within a half, i % 32 the byte of a plane and i / 16 the run of 16.
extension Block {
    func q2_K(_ i: Int) -> ReferenceWeight {
        let shift = i / 32 % 4 * 2
        let quant = self[16 + i / 128 * 32 + i % 32] >> shift & 3
        let scales = self[i / 16]
        let scale = half(80) * Float(scales & 15)
        let minimum = half(82) * Float(scales >> 4)
        return ReferenceWeight(scale, quant, offset: -minimum)
    }

    func q3_K(_ i: Int) -> ReferenceWeight {
        let shift = i / 32 % 4 * 2
        let low = self[32 + i / 128 * 32 + i % 32] >> shift & 3
        let high = self[i % 32] >> (i / 32) & 1
        let run = i / 16
        let scaleLow = run < 8 ? self[96 + run] & 15 : self[96 + run - 8] >> 4
        let scaleHigh = self[96 + 8 + run % 4] >> (run / 4 * 2) & 3
        let scale = half(108) * Float((scaleLow | scaleHigh << 4) - 32)
        return ReferenceWeight(scale, low - (high == 1 ? 0 : 4))
    }

    /// Q4_K, and Q5_K with its fifth bit: `quant` is the byte that holds the weight's nibble.
    func q45_K(_ i: Int, quant: Int, fifth: Int) -> ReferenceWeight {
        let run = i / 32
        let value = (run % 2 == 0 ? quant & 15 : quant >> 4) | fifth << 4
        let (scale, minimum) = sixBitPair(run)
        return ReferenceWeight(
            half(0) * Float(scale), value, offset: -(half(2) * Float(minimum)))
    }

    func q5_K(_ i: Int) -> ReferenceWeight {
        let fifth = self[16 + i % 32] >> (i / 32) & 1
        return q45_K(i, quant: self[48 + i / 64 * 32 + i % 32], fifth: fifth)
    }

    /// Scale and minimum of a run, six bits each, from the 12 bytes at 4.
    private func sixBitPair(_ run: Int) -> (scale: Int, minimum: Int) {
        guard run >= 4 else { return (self[4 + run] & 63, self[8 + run] & 63) }
        let low = self[8 + run]
        return (low & 15 | (self[run] >> 6) << 4, low >> 4 | (self[4 + run] >> 6) << 4)
    }

    func q6_K(_ i: Int) -> ReferenceWeight {
        let byte = self[i / 128 * 64 + i % 64]
        let low = i % 128 < 64 ? byte & 15 : byte >> 4
        let high = self[128 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3
        let scale = half(208) * Float(signed(192 + i / 16))
        return ReferenceWeight(scale, (low | high << 4) - 32)
    }

    func iq4_xs(_ i: Int) -> ReferenceWeight {
        let run = i / 32
        let low = self[4 + run / 2] >> (run % 2 * 4) & 15
        let high = Int(bits16(2)) >> (2 * run) & 3
        let scale = half(0) * Float((low | high << 4) - 32)
        return ReferenceWeight(scale, Self.unevenValues[nibble(i % 32, at: 8 + run * 16)])
    }
}
