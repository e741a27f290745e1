/// Every bound on what a model file may ask of the reader.
///
/// Most sizes need no bound of their own: a count is checked against the bytes that remain in the
/// file before anything is reserved for it. These are the rest.
public enum ModelFileLimits {
    /// Bytes of header (metadata and tensor list) of one file, which are held in memory. The
    /// largest vocabularies known take some 20 MB; offsets into the header are kept as 32 bits.
    public static let headerBytes = 1 << 28

    /// Bytes of a string in the metadata. The longest known are chat templates of some 100 KB.
    public static let stringBytes = 1 << 24

    /// Metadata entries. Real files have fewer than a hundred.
    public static let metadataEntries = 1 << 16

    /// Tensors of all parts together. The largest models known have a few thousand.
    public static let tensors = 1 << 18

    /// Bytes of a metadata key (GGUF specification: at most 2^16 - 1).
    public static let keyBytes = 65_535

    /// Bytes of a tensor name: the field's readers keep 64 with the final zero.
    public static let tensorNameBytes = 63

    /// Dimensions of a tensor.
    public static let dimensions = 4

    /// `general.alignment`: a multiple of 8 by the specification; a page of any machine fits.
    public static let alignment = 8...(1 << 30)

    /// `general.alignment` where the file does not say.
    public static let defaultAlignment = 32

    /// Parts of a split model: the part numbers in a file name have five digits.
    public static let splitParts = 1_024
}
