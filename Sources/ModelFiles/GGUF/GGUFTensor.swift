package import Tensors

/// A tensor as the header lists it: its shape and where its bytes are, not the bytes.
package struct GGUFTensor: Sendable, Hashable {
    /// The tensor's name, such as `blk.0.attn_q.weight`. Unique in the model.
    package let name: String

    /// 1 to 4 sizes, each at least 1; the first is the length of a contiguous row.
    ///
    /// A weight matrix that maps `in` values to `out` values has dimensions `[in, out]`.
    package let dimensions: [Int]

    /// The type's number in the file.
    package let formatID: UInt32

    /// Bytes of data.
    package let byteCount: Int

    /// Where the data begins, in bytes from the start of its file.
    package let offset: Int

    /// Which file of a split model holds the data; 0 for the first or only one.
    package let fileIndex: Int

    /// Where the data is, in bytes from the start of its file.
    package var range: Range<Int> { offset..<offset + byteCount }

    /// The type's name in the field, such as `Q4_K`.
    package var formatName: String { TensorLayout.of(formatID)?.name ?? "type \(formatID)" }

    /// The format, if this program has kernels for it.
    package var format: TensorFormat? {
        let format = TensorFormat(rawValue: formatID)
        return format.isSupported ? format : nil
    }

    /// How many values a row has.
    package var columns: Int { dimensions[0] }

    /// How many rows there are: the product of all dimensions but the first.
    package var rows: Int { dimensions.dropFirst().reduce(1, *) }

    /// How many values there are.
    package var elementCount: Int { columns * rows }
}
