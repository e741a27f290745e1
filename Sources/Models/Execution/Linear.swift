import Scheduling
import Tensors

/// Products of activations and weights, in the precision that was asked for.
struct Linear {
    let compute: Compute
    let activations: ActivationMode
    var profile: StepProfile?

    /// Multiplies one input by several matrices.
    ///
    /// The input is quantised once for all of them, and not at all if none needs it; as floats it
    /// is made only where one wants those.
    ///
    /// - Parameters:
    ///   - input: [T, inputs of every matrix].
    ///   - quantized: A buffer for the quantised input, of the input's width; it says how far
    ///     rounding is refined.
    ///   - tokens: T, the rows that are computed.
    ///   - group: The matrices.
    ///   - peaks: Takes the largest element of every row, where it is on the way.
    func multiply(
        _ input: ProductInput, _ quantized: QuantizedActivations, tokens: Int,
        _ group: ProductGroup, peaks: RowPeaks? = nil
    ) {
        let products = group.products
        peaks?.forget()
        if products.allSatisfy(isQuantized) {
            compute.quantize(input, rows: 0..<tokens, into: quantized)
            profile?.mark(.quantize)
            compute.multiply(group, quantized, rows: 0..<tokens, peaks: peaks)
            return
        }
        compute.makeFloats(input, rows: 0..<tokens)
        for product in products where !isQuantized(product) {
            compute.multiply(
                product.weight, input.floats, rows: 0..<tokens, into: product.output,
                column: product.column)
        }
        guard products.contains(where: isQuantized) else { return }
        compute.quantize(input.floats, rows: 0..<tokens, into: quantized)
        profile?.mark(.quantize)
        for product in products where isQuantized(product) {
            compute.multiply(
                product.weight, quantized, rows: 0..<tokens, into: product.output,
                column: product.column)
        }
    }

    private func isQuantized(_ product: MatrixProduct) -> Bool {
        activations == .int8 && !product.weight.format.isFloat
    }
}
