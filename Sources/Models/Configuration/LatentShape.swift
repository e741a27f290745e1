/// The sizes of multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1).
///
/// Keys and values of all heads are computed from one latent vector a token, and that is what the
/// cache keeps, beside a part of the keys that the position turns and that all heads share. The
/// matrix that computes a head's keys multiplies its queries instead, and the one that computes its
/// values what it found: attention itself is that of many query heads over one key, the first
/// `rank` elements of which are its value.
package struct LatentShape: Hashable, Sendable {
    /// The values that queries are compressed to before they are expanded; nil: they are not.
    package var queryRank: Int?
    /// The values of a latent vector.
    package var rank: Int
    /// The values of a head's query, and key, that the position does not turn.
    package var plain: Int
    /// The values that it turns.
    package var rotated: Int
    /// The values of a head's value.
    package var value: Int

    /// The values of a head's query as it is projected.
    var projected: Int { plain + rotated }
    /// The values that are kept of a token, and those of a query that reads them.
    var kept: Int { rank + rotated }
}
