/// The bounds of a model's hyper-parameters.
///
/// They exist so that a hostile file cannot ask for work or memory out of proportion: each is
/// several times what the largest published model of the supported architectures has.
package enum ModelLimits {
    /// The most transformer layers.
    package static let maximumLayers = 1024
    /// The most attention heads of a layer.
    package static let maximumHeads = 4096
    /// The largest dimension of one attention head. The attention kernels' scratch is sized by it.
    package static let maximumHeadDimension = 1024
    /// The most values of a latent vector, of keys and values or of queries.
    package static let maximumLatentRank = 8192
    /// The most experts of a layer.
    package static let maximumExperts = 1024
    /// The widest row of a weight matrix, in values.
    package static let maximumWidth = 1 << 20
    /// The most entries of a vocabulary.
    package static let maximumVocabulary = 1 << 24
    /// The longest context, in tokens.
    package static let maximumContext = 1 << 28
    /// The most tokens of one step.
    package static let maximumStepTokens = 1 << 16
    /// The most threads of one executor.
    package static let maximumThreads = 1024
    /// Bytes of a part of a page for which room between them is worth its 3 % at most.
    package static let spreadPartBytes = 64 << 10..<1 << 40
    /// Pages that may wait to be written to the file tier: a second's work of a slow disk.
    static let queuedTierWrites = 256
    /// Bytes of packed weights that one call writes to their file.
    static let panelFileWriteBytes = 4 << 20
    /// The most names of a file that one message lists.
    static let quotedNames = 6
    /// The longest piece of an untrusted name that a message repeats, in characters.
    static let quotedNameLength = 64

    /// Radians a position below which a pair of a rotary embedding counts as standing still:
    /// half a radian in 16 Ki positions.
    static let slowestTurn = 3e-5
}
