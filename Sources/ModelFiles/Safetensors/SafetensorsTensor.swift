package import Tensors

/// A tensor as the header of a safetensors file lists it: its shape and where its bytes are.
package struct SafetensorsTensor: Sendable, Hashable {
    /// The tensor's name, such as `model.layers.0.self_attn.q_proj.weight`. Unique in the model.
    package let name: String

    /// The sizes as the file has them: the last is the length of a contiguous row. Empty for a
    /// single number; a size may be 0.
    package let shape: [Int]

    let type: SafetensorsType

    /// Where the data is, in bytes from the start of its file.
    package let range: Range<Int>

    /// Which file of a split model holds the data; 0 for the first or only one.
    package let fileIndex: Int

    /// The type's name in the file, such as `BF16`.
    package var typeName: String { type.name }

    /// The format, if this program has kernels for it.
    package var format: TensorFormat? { type.format }

    /// Bytes of data.
    package var byteCount: Int { range.count }

    /// The sizes with the length of a contiguous row first, as GGUF has them: a matrix that maps
    /// `in` values to `out` values has `[in, out]`, a single number `[1]`.
    package var dimensions: [Int] { shape.isEmpty ? [1] : shape.reversed() }

    /// How many numbers there are.
    package var elementCount: Int { shape.reduce(1, *) }
}
