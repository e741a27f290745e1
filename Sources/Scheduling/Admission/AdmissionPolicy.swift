/// When there is room for one more request.
public struct AdmissionPolicy: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable {
        case reserve
        case growth(headroom: Double)
        case fixed(headroom: Double)
    }

    let kind: Kind

    /// When the blocks of its whole life can be set aside, by its `maxTokens`: whoever runs is sure
    /// to finish and nobody is preempted for blocks. Few run at once when answers are shorter
    /// than they may be.
    public static let reserve = AdmissionPolicy(kind: .reserve)

    /// When what is known of it fits now, and what all who run are expected to take still will,
    /// with a share of the pool to spare. The default.
    ///
    /// The expectation is drawn from the lengths of finished answers; the check is the peak of
    /// memory over the coming steps (the past-future scheduling of LightLLM): each ends after its
    /// remaining tokens and gives back its blocks.
    public static let watermark = watermark(headroom: 0.01)

    /// As `watermark`, with `headroom` of the pool (0 to 1) to spare.
    public static func watermark(headroom: Double) -> AdmissionPolicy {
        AdmissionPolicy(kind: .growth(headroom: headroom))
    }

    /// When what is known of it fits now, with `headroom` of the pool (0 to 1) to spare, whatever
    /// those who run will take: to compare with. It admits too many and then preempts them.
    public static func fixedWatermark(headroom: Double) -> AdmissionPolicy {
        AdmissionPolicy(kind: .fixed(headroom: headroom))
    }

    /// The choice of a name: `reserve`, `watermark` or `fixed-watermark`; nil for another.
    public init?(name: String) {
        switch name {
        case "reserve": self = .reserve
        case "watermark": self = .watermark
        case "fixed-watermark": self = .fixedWatermark(headroom: 0.01)
        default: return nil
        }
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    /// `reserve`, `watermark` or `fixed-watermark`.
    public var name: String {
        switch kind {
        case .reserve: "reserve"
        case .growth: "watermark"
        case .fixed: "fixed-watermark"
        }
    }

    /// The name.
    public var description: String { name }

    /// The share of the pool that stays free.
    var headroom: Double {
        switch kind {
        case .reserve: 0
        case .growth(let headroom), .fixed(let headroom): headroom
        }
    }
}
