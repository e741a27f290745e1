/// How a router's logits, one an expert, choose a token's experts and weigh them.
package struct RouterRule: Hashable, Sendable {
    /// What logits become before experts are chosen by them.
    package enum Scores: Hashable, Sendable {
        /// Their softmax over all experts (Mixtral, Qwen 2 and 3, DeepSeek V2).
        case softmax
        /// Themselves; the weights are the softmax over those chosen (gpt-oss, Granite).
        case softmaxOfChosen
        /// 1 / (1 + exp(-x)), each by itself (DeepSeek V3, Llama 4).
        case sigmoid
    }

    /// By what groups of experts are compared.
    package enum GroupScore: Hashable, Sendable {
        /// The largest score of the group (DeepSeek V2).
        case largest
        /// The sum of its two largest (DeepSeek V3).
        case twoLargest
    }

    /// The experts of a layer.
    package var experts: Int
    /// The experts of a token.
    package var chosen: Int
    /// What logits become.
    package var scores: Scores
    /// Added to scores to choose, and not to weigh: [experts]; empty: nothing.
    package var bias: [Float] = []
    /// Groups of as many experts each, side by side; experts are chosen within some groups only.
    package var groups = 1
    /// The groups that experts are chosen from.
    package var chosenGroups = 1
    /// By what groups are compared.
    package var groupScore = GroupScore.largest
    /// Whether a token's weights are divided by their sum.
    package var normalises = false
    /// What weights are multiplied by in the end.
    package var scale: Float = 1
    /// What the weight of each expert is multiplied by besides: [experts]; empty: nothing.
    package var expertScales: [Float] = []

    /// Describes a router without groups or a bias.
    package init(experts: Int, chosen: Int, scores: Scores) {
        self.experts = experts
        self.chosen = chosen
        self.scores = scores
    }

    func check() {
        precondition((1...TensorLimits.experts).contains(experts), "experts beyond the limit")
        precondition((1...experts).contains(chosen), "more experts are chosen than there are")
        precondition(bias.isEmpty || bias.count == experts, "a bias for each expert")
        precondition(
            expertScales.isEmpty || expertScales.count == experts, "a scale for each expert")
        precondition(groups >= 1 && experts % groups == 0, "groups of different sizes")
        precondition((1...groups).contains(chosenGroups), "more groups than there are")
        precondition(chosen <= experts / groups * chosenGroups, "too few experts in the groups")
        precondition(scores != .softmaxOfChosen || bias.isEmpty, "a bias of no scores")
    }
}
