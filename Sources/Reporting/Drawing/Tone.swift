/// What a colour means. One meaning has one colour and one pattern in every chart.
package enum Tone: Hashable, Sendable {
    /// Tokens or slots that hold work that was computed for this request.
    case computed

    /// Work of this request one token at a time, where it is told apart from its prompt's: decode.
    case decoded

    /// Work taken from the cache or shared with another request.
    case reused

    /// Kept for later: promised to a request, and not yet used.
    case reserved

    /// Nothing happens here: a slot or a unit without work.
    case idle

    /// Lost inside of an allocation (internal fragmentation), or work done twice.
    case waste

    /// Lost between allocations (external fragmentation): free, and too scattered to use.
    case external

    /// Free for anybody.
    case free

    /// The n-th of several things that are compared and have no meaning in this list. Six colours
    /// come before they repeat; lines differ in dashes and markers as well.
    case series(Int)

    /// The meanings in the order in which legends list them.
    package static let meanings: [Tone] = [
        .computed, .decoded, .reused, .reserved, .idle, .waste, .external, .free,
    ]

    /// The word of a meaning, for legends; nil for a series, which has its own name.
    package var word: String? {
        switch self {
        case .computed: "computed"
        case .decoded: "decoded"
        case .reused: "reused"
        case .reserved: "reserved"
        case .idle: "idle"
        case .waste: "waste"
        case .external: "external waste"
        case .free: "free"
        case .series: nil
        }
    }

    /// The end of the tone's class and variable names.
    var key: String {
        switch self {
        case .external: "external"
        case .series(let index): "\(index % Palette.seriesCount)"
        default: word ?? ""
        }
    }

    /// The colour of a line of this tone.
    var lineKey: String { self == .free ? "muted" : key }

    /// How an area of this tone is drawn besides its colour.
    var texture: Texture {
        switch self {
        case .computed, .free: .solid
        case .decoded: .upright
        case .reused: .dots
        case .reserved: .rising
        case .idle: .falling
        case .waste: .crossed
        case .external: .level
        case .series(let index):
            [.solid, .rising, .dots, .falling, .crossed, .level, .upright][
                index / Palette.seriesCount % 7]
        }
    }
}
