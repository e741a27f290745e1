package import KVCache
package import Planning

/// What steps would take on a machine that one does not have: what they must read or compute,
/// whichever takes longer, at a share of what the data sheet says.
///
/// The terms are those of `Planning.Roofline`, of a step with rows of every kind: weights are read
/// once a step, keys and values once a row. Real kernels reach a share of either limit, which is an
/// assumption here and not a measurement.
package struct RooflineCosts: CostModel {
    /// What it is called in results.
    package let name: String

    /// The share of the memory's bandwidth that is reached.
    package var bandwidthShare = 0.8

    /// The share of the arithmetic peak that is reached.
    package var operationsShare = 0.6

    /// Seconds of the host between two steps.
    package var host = 500e-6

    /// Seconds of the host for each row.
    package var hostRow = 0.0

    /// Seconds of a request before it is queued.
    package var arrival = 1e-3

    /// Seconds from a token to its reader.
    package var deliverySeconds = 1e-3

    private let bandwidth: Double
    private let operations: Double
    private let link: Double
    private let pageBytes: Double
    /// Bytes of the weights that a step of so many tokens reads.
    private let weightBytes: [Double]
    private let matrix: Double
    private let output: Double
    private let decodeOperations: Slopes
    private let prefillOperations: Slopes
    private let keyValueBytes: Slopes

    /// What a position more costs in layers that see all, and in those with a window.
    private struct Slopes {
        var full: Double
        var window: Double

        /// - Parameters:
        ///   - beyond: a length that is beyond every window.
        ///   - cost: the cost of a position more at a length.
        init(beyond: Int, _ cost: (Int) -> Double) {
            full = cost(beyond)
            window = max(0, cost(0) - full)
        }
    }

    /// The costs of a model on a device.
    ///
    /// - Parameters:
    ///   - shape: the model.
    ///   - device: the machine.
    ///   - weights: the number format of the weights.
    ///   - dtype: that of keys and values.
    ///   - pageBytes: bytes of a block, which a transfer moves.
    ///   - maxStepTokens: tokens that a step may have.
    /// - Throws: `ServiceError` for a device without numbers, or with numbers that are none.
    package init(
        shape: ModelShape, device: Device, weights: WeightFormat, dtype: KVDType, pageBytes: Int,
        maxStepTokens: Int
    ) throws(ServiceError) {
        guard let bandwidth = device.bandwidth, let operations = device.operations else {
            throw ServiceError(
                "\(device.title) has no bandwidth or no operations a second; give both")
        }
        name = "\(shape.name) in \(weights.name) on \(device.title), by its data sheet"
        self.bandwidth = bandwidth
        self.operations = operations
        link = device.link ?? bandwidth
        self.pageBytes = Double(pageBytes)
        let bytes = weights.bits / 8
        weightBytes = (0...max(1, maxStepTokens)).map { shape.parametersRead(batch: $0) * bytes }
        matrix = shape.matrixOperations
        output = shape.outputOperations
        let beyond = shape.contextLength + 1
        decodeOperations = Slopes(beyond: beyond) {
            shape.decodeOperations(context: $0 + 2) - shape.decodeOperations(context: $0 + 1)
        }
        prefillOperations = Slopes(beyond: beyond) { tokens in
            // The second difference of the pairs is one.
            let sums = (0...2).map { shape.prefillOperations(tokens: tokens + $0 + 1) }
            return (sums[2] - sums[1]) - (sums[1] - sums[0])
        }
        let geometry = shape.kvGeometry
        keyValueBytes = Slopes(beyond: beyond) {
            Double(
                geometry.bytesRead(context: $0 + 2, dtype)
                    - geometry.bytesRead(context: $0 + 1, dtype))
        }
        try checkSpeeds(maxStepTokens)
    }

    /// Refuses speeds with which a step would take longer than anything that is built.
    private func checkSpeeds(_ maxStepTokens: Int) throws(ServiceError) {
        var work = StepWork()
        work.tokens = maxStepTokens
        work.outputs = 1
        let seconds = seconds(work)
        guard seconds <= ServiceLimits.stepSeconds else {
            throw ServiceError(
                "a step of \(maxStepTokens) tokens would take \(seconds) s: --flops and "
                    + "--bandwidth are given with their units, as 312T and 2TB/s")
        }
    }

    /// The longer of reading and computing.
    package func seconds(_ work: borrowing StepWork) -> Double {
        var bytes = weightBytes[min(work.tokens, weightBytes.count - 1)]
        bytes += keyValueBytes.full * Double(work.decodeContext + work.prefillContext)
        bytes += keyValueBytes.window * Double(work.decodeWindow)
        var operations = matrix * Double(work.tokens) + output * Double(work.outputs)
        operations += decodeOperations.full * Double(work.decodeContext)
        operations += decodeOperations.window * Double(work.decodeWindow)
        operations += prefillOperations.full * Double(work.prefillPairs)
        operations += prefillOperations.window * Double(work.windowPairs)
        let reading = bytes / (bandwidth * bandwidthShare)
        let computing = operations / (self.operations * operationsShare)
        return max(reading, computing) + Double(work.transfers) * pageBytes / link
    }

    /// A sum of both.
    package func hostSeconds(_ work: borrowing StepWork) -> Double {
        host + hostRow * Double(work.rows)
    }

    /// The same for all.
    package func arrivalSeconds(promptTokens: Int) -> Double { arrival }
}
