package import Tensors

/// How far the rounding of inputs to int8 is refined, for each product of a layer.
///
/// Eight bits a value are enough for most products of most models. Where they are not, a second
/// run of bytes makes them about fifteen; the weights are still read once, so a decoded token costs
/// little more, while a long prompt costs another multiplication for each refined run.
package struct LayerRefinement: Hashable, Sendable {
    /// The inputs of the projections of queries, keys and values.
    package var queryKeyValue = Refinement.none
    /// The inputs of the projection of what attention found.
    package var attentionOutput = Refinement.none
    /// The inputs of the feed-forward network's gate and up projection.
    package var gateAndUp = Refinement.none
    /// The inputs of the feed-forward network's down projection.
    package var down = Refinement.none

    /// No refinement.
    package init() {}

    /// The same for all products.
    package init(all refinement: Refinement) {
        queryKeyValue = refinement
        attentionOutput = refinement
        gateAndUp = refinement
        down = refinement
    }
}
