internal import CKernels

extension TensorFormat {
    /// The formats that weights can be rounded to.
    package static let writable: [TensorFormat] = supported.filter { qk_can_quantize($0.rawValue) }

    /// The values in this format; nil when the format is not one of `writable` or the values are
    /// not a whole number of blocks. O(count).
    ///
    /// Values should be finite; in the formats with scales, one that is not spoils its block.
    package func quantize(_ values: [Float]) -> [UInt8]? {
        guard Self.writable.contains(self), let count = rowBytes(columns: values.count) else {
            return nil
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            unsafe values.withUnsafeBufferPointer { values in
                guard let from = values.baseAddress, let to = bytes.baseAddress else { return }
                unsafe quantize(from, values.count, to: to)
            }
            written = count
        }
    }

    /// Writes a whole number of blocks. Precondition: the format is one of `writable`.
    @unsafe
    func quantize(
        _ values: UnsafePointer<Float>, _ count: Int, to out: UnsafeMutablePointer<UInt8>
    ) {
        unsafe qk_quantize_weights(rawValue, values, out, count)
    }
}
