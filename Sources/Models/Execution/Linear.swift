import Tensors

/// Products of activations and weights, in the precision that was asked for.
struct Linear {
    let compute: Compute
    let activations: ActivationMode

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
    ///   - input: [rows, inputs of every matrix]
    ///   - quantized: A buffer for the quantised input, of the input's width.
    ///   - rows: The rows that are computed.
    ///   - products: The matrices.
    func multiply(
        _ input: FloatMatrix, _ quantized: QuantizedActivations, rows: Range<Int>,
        _ products: [Product]
    ) {
        if products.contains(where: isQuantized) {
            compute.quantize(input, rows: rows, into: quantized)
        }
        for product in products {
            if isQuantized(product) {
                compute.multiply(
                    product.weight, quantized, rows: rows, into: product.output,
                    column: product.column)
            } else {
                compute.multiply(
                    product.weight, input, rows: rows, into: product.output,
                    column: product.column)
            }
        }
    }

    private func isQuantized(_ product: Product) -> Bool {
        activations == .int8 && !product.weight.format.isFloat
    }
}
