package import KVCache

/// What a plan is asked for.
package struct PlanRequest: Hashable, Sendable {
    /// The model.
    package var shape: ModelShape
    /// Where its dimensions are from, for a person.
    package var source: String
    /// What its weights take; nil: not known, and nothing is planned that needs it.
    package var weights: WeightCost?
    /// Whether all dimensions are known, so that work can be counted.
    package var hasAllDimensions = true
    /// Whether the query heads are known; else the shape has one for each key and value head.
    package var hasQueryHeads = true
    /// What was assumed of the model, for a person.
    package var notes: [String] = []

    /// The number format of keys and values.
    package var dtype = KVDType.f16
    /// Tokens of a block.
    package var blockSize = 16
    /// Tokens of the longest sequence.
    package var context: Int
    /// Tokens of one step.
    package var stepTokens = 512
    /// Sampled outputs of one step.
    package var stepOutputs = 64
    /// What running sequences hold; nil: the whole context.
    package var lengths: ResidentLengths?

    /// The machine; nil: only the model is looked at.
    package var device: Device?
    /// Devices whose memory is summed.
    package var devices = 1
    /// Bytes of the machine that are left alone.
    package var reserveBytes = 0
    /// Bytes for keys and values as an engine has made them; nil: what is left of the device.
    package var roomBytes: Int?
    /// The price of a device for an hour.
    package var pricePerHour: Double?
    /// Tokens a second of a device as measured; nil: the bound takes its place.
    package var tokensPerSecond: Double?

    /// A request with the defaults.
    package init(shape: ModelShape, source: String, weights: WeightCost?, context: Int) {
        self.shape = shape
        self.source = source
        self.weights = weights
        self.context = context
    }
}

/// What the weights of a model take, in bytes.
package struct WeightCost: Hashable, Sendable {
    /// Their format, for a person.
    package var format: String
    /// Weights that are resident: all of them, also of experts that are not chosen.
    package var parameters: Int
    /// Their bytes.
    package var bytes: Int
    /// Bytes of a weight, on average.
    package var bytesPerParameter: Double { Double(bytes) / Double(max(1, parameters)) }

    /// So many weights in one format.
    package init(parameters: Int, format: WeightFormat) {
        self.format = format.name
        self.parameters = parameters
        bytes = format.bytes(parameters)
    }

    /// The weights of a file, in the formats that it has.
    package init(parameters: Int, bytes: Int, format: String) {
        self.format = format
        self.parameters = parameters
        self.bytes = bytes
    }
}
