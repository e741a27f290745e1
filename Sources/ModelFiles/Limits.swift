/// Every bound on what a model file may ask of the reader.
///
/// Most sizes need no bound of their own: a count is checked against the bytes that remain in the
/// file before anything is reserved for it. These are the rest.
package enum ModelFileLimits {
    /// Bytes of header (metadata and tensor list) of one file, which are held in memory. The
    /// largest vocabularies known take some 20 MB; offsets into the header are kept as 32 bits.
    package static let headerBytes = 1 << 28

    /// Bytes of a string in the metadata. The longest known are chat templates of some 100 KB.
    package static let stringBytes = 1 << 24

    /// Metadata entries. Real files have fewer than a hundred.
    package static let metadataEntries = 1 << 16

    /// Tensors of all parts together. The largest models known have a few thousand.
    package static let tensors = 1 << 18

    /// Bytes of a metadata key (GGUF specification: at most 2^16 - 1).
    package static let keyBytes = 65_535

    /// Bytes of a tensor name: the field's readers keep 64 with the final zero.
    package static let tensorNameBytes = 63

    /// Dimensions of a tensor.
    package static let dimensions = 4

    /// `general.alignment`: a multiple of 8 by the specification; a page of any machine fits.
    package static let alignment = 8...(1 << 30)

    /// `general.alignment` where the file does not say.
    package static let defaultAlignment = 32

    /// Parts of a split model: the part numbers in a file name have five digits.
    package static let splitParts = 1_024

    /// Bytes of the header of a safetensors file (the format's own bound).
    package static let safetensorsHeaderBytes = 100_000_000

    /// Bytes of a tensor name in a safetensors file: paths through a program's objects.
    package static let safetensorsNameBytes = 1_024

    /// Dimensions of a tensor in a safetensors file. The kernels of video encoders have five.
    package static let safetensorsDimensions = 8

    /// Layers that lists in a model's configuration are made for: more than any model has.
    package static let layers = 10_000

    /// Values of a head that lists of rotary divisors are made for.
    package static let rotaryDimension = 1 << 16

    /// Bytes of a `tokenizer.json` or `tokenizer.model`: the largest known have some 35 MB.
    package static let tokenizerBytes = 1 << 28

    /// Bytes of a model's JSON files but its tokenizer's: the largest are lists of the tensors of
    /// models with many experts.
    package static let jsonBytes = 1 << 26
}
