/// Every bound on what a JSON text may ask of its reader.
package enum JSONLimits {
    /// Open arrays and objects, one inside the other.
    package static let depth = 128

    /// Bytes of a number.
    package static let numberBytes = 1_024

    /// Values in a `JSONValue` tree: a tree takes some fifty times the memory of its shortest text.
    package static let values = 1 << 20
}
