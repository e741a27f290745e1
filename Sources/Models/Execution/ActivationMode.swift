/// In what precision a layer's inputs meet its weights.
public enum ActivationMode: String, Hashable, Sendable, CaseIterable {
    /// Activations are quantised to 8 bits, a scale for every 32 of them. Weights that the file
    /// holds as floats meet float activations in this mode as well.
    case int8
    /// Activations stay floats and weights are dequantised: slow, to tell rounding from mistakes.
    case float32
}
