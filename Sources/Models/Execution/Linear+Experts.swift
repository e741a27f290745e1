import Scheduling
import Tensors

extension Linear {
    /// Multiplies each token by the gate and up projections of the experts that it has chosen.
    ///
    /// Rounded once, however many experts read it.
    ///
    /// - Parameters:
    ///   - input: [T, D]
    ///   - quantized: A buffer for the rounded input.
    ///   - tokens: T, the rows that are computed.
    ///   - experts: Their routing has these tokens.
    func multiply(
        _ input: ProductInput, _ quantized: QuantizedActivations, tokens: Int,
        _ experts: ExpertProducts
    ) {
        let buffers = experts.buffers
        if areQuantized(experts.gateAndUp) {
            compute.quantize(input, rows: 0..<tokens, into: quantized)
            compute.gather(quantized, by: buffers.routing, into: buffers.roundedInput)
            profile?.mark(.quantize)
            compute.multiply(experts.gateAndUp, buffers.roundedInput, by: buffers.routing)
        } else {
            compute.makeFloats(input, rows: 0..<tokens)
            compute.gather(input.floats, by: buffers.routing, into: buffers.input)
            compute.multiply(experts.gateAndUp, buffers.input, by: buffers.routing)
        }
    }

    /// Multiplies the hidden layer of each place by the down projection of its expert.
    func multiply(_ hidden: ProductInput, _ experts: ExpertProducts) {
        let buffers = experts.buffers
        let places = 0..<buffers.routing.placeCount
        if areQuantized(experts.down) {
            compute.quantize(hidden, rows: places, into: buffers.roundedHidden)
            profile?.mark(.quantize)
            compute.multiply(experts.down, buffers.roundedHidden, by: buffers.routing)
        } else {
            compute.makeFloats(hidden, rows: places)
            compute.multiply(experts.down, hidden.floats, by: buffers.routing)
        }
    }

    /// Whether all are products with bytes; those with floats are of any format.
    func areQuantized(_ products: [ExpertProduct]) -> Bool {
        activations == .int8 && products.allSatisfy { !$0.weights[0].format.isFloat }
    }
}
