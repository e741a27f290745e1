import ModelFiles
import Tensors

extension RopeParameters {
    /// Reads the rotary embedding's hyper-parameters.
    ///
    /// - Parameters:
    ///   - p: The file's hyper-parameters.
    ///   - headDimension: The dimension of a head, which bounds the rotary dimension.
    ///   - pairing: Which values of a head form a pair; a property of the architecture.
    ///   - base: The base where the file gives none.
    ///   - suffix: What the keys of this rotation end with: `_swa` of layers with a window, whose
    ///     frequencies are as trained.
    init(
        _ p: HyperParameters, headDimension: Int, pairing: RotaryStyle, base: Double,
        suffix: String = ""
    ) throws(ModelError) {
        self.base = try Self.base(p, "rope.freq_base" + suffix) ?? base
        self.pairing = try Self.pairing(pairing, p)
        let key = "rope.dimension_count" + suffix
        dimension =
            try p.optionalInteger(key, in: 2...ModelLimits.maximumHeadDimension) ?? headDimension
        guard dimension.isMultiple(of: 2), dimension <= headDimension else {
            throw ModelError(
                .invalidParameter, subject: p.key(key),
                "is \(dimension) but must be even and at most the head's dimension, "
                    + "\(headDimension); " + HyperParameters.convertAnew)
        }
        scaling = suffix.isEmpty ? try RopeScaling(p) : .none
    }

    /// The layout of files whose rows of Q and K are as they were trained, with the halves of a
    /// head paired, also where converters of the architecture's files permute them for neighbours.
    static let trainedLayout = "reference"

    /// The pairing of a file, where that of its architecture is `usual`.
    ///
    /// The first converters named the layout of Meta's own files, the pairing of neighbours.
    private static func pairing(
        _ usual: RotaryStyle, _ p: HyperParameters
    ) throws(ModelError) -> RotaryStyle {
        guard usual == .interleaved else { return usual }
        let key = "tensor_data_layout"
        try p.expect("Meta AI original pth", trainedLayout, in: key)
        return try p.optionalString(key) == trainedLayout ? .neox : usual
    }

    /// The base that a key gives, where the file has it.
    static func base(_ p: HyperParameters, _ name: String) throws(ModelError) -> Double? {
        guard let base = try p.optionalNumber(name) else { return nil }
        guard base > 1 else {
            throw ModelError(
                .invalidParameter, subject: p.key(name),
                "is \(base) but must be above 1; " + HyperParameters.convertAnew)
        }
        return base
    }

    /// Reads the tensor of frequency divisors, where the file has one.
    mutating func readFrequencyFactors(_ p: HyperParameters) throws(ModelError) {
        frequencyFactors = try Self.factors(p, "rope_freqs.weight", pairs: dimension / 2)
    }

    /// Reads the two lists of frequency divisors of LongRoPE, where the file has them.
    mutating func readLongFactors(_ p: HyperParameters) throws(ModelError) {
        let names = (short: "rope_factors_short.weight", long: "rope_factors_long.weight")
        let (short, long) = (
            try Self.factors(p, names.short, pairs: dimension / 2),
            try Self.factors(p, names.long, pairs: dimension / 2)
        )
        guard short != nil || long != nil else { return }
        guard let short, let long else {
            throw ModelError(
                .missingTensor, subject: short == nil ? names.short : names.long,
                "is not in the file, which has the other list of rotary divisors; "
                    + HyperParameters.convertAnew)
        }
        frequencyFactors = short
        self.long = LongFactors(
            factors: long,
            beyond: try p.integer(
                "rope.scaling.original_context_length", in: 1...ModelLimits.maximumContext),
            magnitude: try p.optionalNumber("rope.scaling.attn_factor") ?? 1)
    }

    private static func factors(
        _ p: HyperParameters, _ name: String, pairs: Int
    ) throws(ModelError) -> [Float]? {
        p.log.note(tensor: name)
        guard p.source.hasTensor(name) else { return nil }
        guard let values = try? p.source.floats(name, count: pairs),
            values.allSatisfy({ $0.isFinite && $0 > 0 })
        else {
            throw ModelError(
                .invalidTensor, subject: name,
                "must hold \(pairs) positive numbers, one a rotary pair; "
                    + HyperParameters.convertAnew)
        }
        return values
    }
}

extension RopeScaling {
    /// Reads the kind of scaling and its numbers.
    init(_ p: HyperParameters) throws(ModelError) {
        // Files from before `rope.scaling.type` existed give a linear factor alone.
        let old = try p.optionalNumber("rope.scale_linear")
        let factor = try p.optionalNumber("rope.scaling.factor") ?? old ?? 1
        let kind =
            try p.optionalString("rope.scaling.type") ?? (factor == 1 ? "none" : "linear")
        switch kind {
        case "none": self = .none
        case "linear": self = factor == 1 ? .none : .linear(factor: factor)
        case "yarn":
            let trained = try p.integer(
                "rope.scaling.original_context_length", in: 1...ModelLimits.maximumContext)
            var rule = YaRN(factor: factor, originalContextLength: trained)
            rule.betaFast = try p.optionalNumber("rope.scaling.yarn_beta_fast") ?? rule.betaFast
            rule.betaSlow = try p.optionalNumber("rope.scaling.yarn_beta_slow") ?? rule.betaSlow
            // GGUF's factor multiplies the paper's; 1 where the converter had nothing to say.
            if let extra = try p.optionalNumber("rope.scaling.attn_factor") {
                rule.attentionFactor = extra * (0.1 * Elementary.log(max(factor, 1)) + 1)
            }
            self = .yarn(rule)
        // Its numbers are two tensors, which the architectures that know it read.
        case "longrope" where p.source.hasTensor("rope_factors_long.weight"): self = .none
        default:
            throw ModelError(
                .unsupportedFeature, subject: p.key("rope.scaling.type"),
                "'\(kind.prefix(ModelLimits.quotedNameLength))' is not supported; "
                    + "supported are none, linear and yarn")
        }
    }
}
