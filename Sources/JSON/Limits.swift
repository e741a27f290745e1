/// Every bound on what a JSON text may ask of its reader.
public enum JSONLimits {
    /// Open arrays and objects, one inside the other.
    public static let depth = 128

    /// Bytes of a number.
    public static let numberBytes = 1_024

    /// Values in a `JSONValue` tree: a tree takes some fifty times the memory of its shortest text.
    public static let values = 1 << 20
}
