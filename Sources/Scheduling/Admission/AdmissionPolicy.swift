/// When there is room for one more request.
public struct AdmissionPolicy: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable {
        case reserve
        case growth(headroom: Double)
        case fixed(headroom: Double)
    }

    let kind: Kind

    /// Admits when the blocks of the longest possible answer (`maxTokens`) can be set aside: a
    /// running request is sure to finish and none is preempted for blocks. Few run at once when
    /// answers are shorter than they may be.
    public static let reserve = AdmissionPolicy(kind: .reserve)

    /// Admits when the known tokens of the request fit now, and what all running requests are
    /// expected to take still will, with a share of the pool to spare. The default.
    ///
    /// The expectation is drawn from the lengths of finished answers; the check is the peak of
    /// memory over the coming steps (the past-future scheduling of LightLLM): each ends after its
    /// remaining tokens and gives back its blocks.
    public static let watermark = watermark(headroom: 0.01)

    /// As `watermark`, with `headroom` of the pool (0 to 1) to spare.
    public static func watermark(headroom: Double) -> AdmissionPolicy {
        AdmissionPolicy(kind: .growth(headroom: headroom))
    }

    /// Admits when the known tokens of the request fit now, with `headroom` of the pool (0 to 1) to
    /// spare, whatever the running requests will take. For comparison: it admits too many and then
    /// preempts them.
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
