import Tensors

/// Networks beside one another, of which each token's router chooses some, and adds up what they
/// give by its own weights.
struct ExpertShape: Hashable, Sendable {
    /// How many there are, how many a token has, and how they are weighed.
    var router: RouterRule
    /// The width of the hidden layer of each.
    var width: Int
    /// The tensors that have them.
    var names = ExpertNames.routed
    /// Whether the router and every projection have a bias.
    var hasBiases = false
    /// Whether a token's weight of an expert is a factor on what the expert reads, and not on what
    /// it gives.
    var weighsInputs = false
    /// Whether router and experts read the stream by norms of their own, and what they give is
    /// normed by itself, as is what the network of every token gives beside them; the weight of
    /// each expert is then multiplied by a number of its own.
    var hasNorms = false
    /// Whether a bias of the scores chooses experts, and does not weigh them.
    var hasChoiceBias = false
}

extension LayerShape {
    /// Puts experts in the place of the dense network, or beside one of another width.
    mutating func setExperts(_ experts: [ExpertShape], beside dense: Int = 0) {
        self.experts = experts
        feedForwardLength = dense
    }
}

/// What the tensors of a layer's experts are called.
struct ExpertNames: Hashable, Sendable {
    var router: String
    var gate: String
    var up: String
    var down: String
    /// Gate and up projections one after another, where a file has no tensor of each.
    var gateAndUp = "ffn_gate_up_exps"
    /// The tensor of the bias that chooses.
    var choiceBias = "exp_probs_b"

    /// Those that tokens choose: stacks of matrices.
    static let routed = ExpertNames(
        router: "ffn_gate_inp", gate: "ffn_gate_exps", up: "ffn_up_exps", down: "ffn_down_exps")
    /// One that every token has, weighed by a router of its own (Qwen 2).
    static let shared = ExpertNames(
        router: "ffn_gate_inp_shexp", gate: "ffn_gate_shexp", up: "ffn_up_shexp",
        down: "ffn_down_shexp", gateAndUp: "ffn_gate_up_shexp")
}
