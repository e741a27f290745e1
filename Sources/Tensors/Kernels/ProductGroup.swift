/// The matrices that one input is multiplied by. Made once for a model, so that no step builds
/// lists.
package struct ProductGroup: Sendable {
    /// The matrices, in order of memory.
    package let products: [MatrixProduct]

    /// The panels of all matrices.
    let panels: Int

    /// The bytes of all matrices in their files; packed, they are about as many.
    let byteCount: Int

    /// Products of one input.
    package init(_ products: [MatrixProduct]) {
        self.products = products
        panels = products.reduce(0) { $0 + $1.panels }
        byteCount = products.reduce(0) { $0 + $1.weight.byteCount }
    }
}
