/// The bounds of what a plan takes: far beyond what is built, far below where sums overflow.
package enum PlanningLimits {
    /// Devices of one kind that a plan may count on.
    package static let devices = 4096

    /// Layers of a model.
    package static let layers = 4096

    /// Heads of a layer, and elements of a head or of a latent vector.
    package static let headExtent = 1 << 16

    /// Width of the residual stream.
    package static let hidden = 1 << 20

    /// Width of a feed-forward network, and entries of a vocabulary.
    package static let wide = 1 << 24

    /// Experts of a layer.
    package static let experts = 1 << 16

    /// Weights of a model.
    package static let parameters = 1_000_000_000_000_000

    /// Bytes of a memory.
    package static let memoryBytes = 1_000_000_000_000_000_000

    /// Tokens of a sequence.
    package static let context = 1 << 24

    /// Tokens of one step.
    package static let stepTokens = 1 << 24

    /// Sequences that decode together in a bound of speed.
    package static let batch = 1 << 24
}
