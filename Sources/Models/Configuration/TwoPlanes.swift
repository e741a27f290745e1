/// The products of a layer whose int8 inputs get a second plane for what rounding leaves over.
///
/// Eight bits a value are enough for most products of most models. Where they are not, the second
/// plane makes them about fifteen; the weights are still read once, so a decoded token costs
/// little more, while a long prompt costs up to twice the multiplications.
public struct TwoPlanes: OptionSet, Hashable, Sendable {
    /// The bits, one a product.
    public let rawValue: Int

    /// Wraps the bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The projections of queries, keys and values.
    public static let queryKeyValue = TwoPlanes(rawValue: 1)
    /// The projection of what attention found.
    public static let attentionOutput = TwoPlanes(rawValue: 2)
    /// The gate and the input of the feed-forward network.
    public static let gateAndUp = TwoPlanes(rawValue: 4)
    /// The output of the feed-forward network.
    public static let down = TwoPlanes(rawValue: 8)
    /// All products of a layer.
    public static let all: TwoPlanes = [.queryKeyValue, .attentionOutput, .gateAndUp, .down]
}
