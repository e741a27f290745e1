import Scheduling
import Tensors

/// Products of activations and weights, in the precision that was asked for.
struct Linear {
    let compute: Compute
    let activations: ActivationMode
    var profile: StepProfile?

    /// One matrix that an input is multiplied by, and where the product goes.
    struct Product {
        let weight: WeightMatrix
        let output: FloatMatrix
        let column: Int

        /// The product goes to the columns of `output` from `column` on.
        init(_ weight: WeightMatrix, into output: FloatMatrix, column: Int = 0) {
            self.weight = weight
            self.output = output
            self.column = column
        }
    }

    /// Multiplies one input by several matrices.
    ///
    /// The input is quantised once for all of them, and not at all if none needs it.
    ///
    /// - Parameters:
    ///   - input: [T, inputs of every matrix].
    ///   - quantized: A buffer for the quantised input, of the input's width.
    ///   - tokens: T, the rows that are computed.
    ///   - twoPlanes: Whether a quantised input has a second plane; the outputs then have room
    ///     for 2 · T rows.
    ///   - products: The matrices.
    func multiply(
        _ input: FloatMatrix, _ quantized: QuantizedActivations, tokens: Int,
        twoPlanes: Bool = false, _ products: [Product]
    ) {
        // The float products come first: they need the input whole.
        for product in products where !isQuantized(product) {
            compute.multiply(
                product.weight, input, rows: 0..<tokens, into: product.output,
                column: product.column)
        }
        guard products.contains(where: isQuantized) else { return }
        if twoPlanes {
            compute.quantizeInTwoPlanes(input, rows: tokens, into: quantized)
        } else {
            compute.quantize(input, rows: 0..<tokens, into: quantized)
        }
        profile?.mark(.quantize)
        for product in products where isQuantized(product) {
            compute.multiply(
                product.weight, quantized, rows: 0..<(twoPlanes ? 2 * tokens : tokens),
                into: product.output, column: product.column)
            if twoPlanes {
                compute.addPlanes(
                    product.output, rows: tokens, column: product.column,
                    width: product.weight.rows)
            }
        }
    }

    private func isQuantized(_ product: Product) -> Bool {
        activations == .int8 && !product.weight.format.isFloat
    }
}
