package import QuireIdentifiers
import Tensors

/// What is reported of rows of logits.
package struct RowReport: Hashable, Sendable {
    /// From this many on, the most likely tokens are found by sorting.
    private static let sortedFrom = 64

    private let count: Int
    private let tokens: [TokenID]?
    private let isLogits: Bool

    /// A report.
    ///
    /// - Parameters:
    ///   - count: how many of the most likely tokens; -1: all.
    ///   - tokens: the tokens that are reported instead of them.
    ///   - isLogits: whether logits are reported rather than log probabilities.
    package init(count: Int, tokens: [TokenID]? = nil, isLogits: Bool = false) {
        self.count = count
        self.tokens = tokens
        self.isLogits = isLogits
    }

    /// The report of one row.
    ///
    /// - Throws: `EngineError.invalidLogits` as `Sampler.largest`.
    /// - Complexity: O(vocabulary + changes of the list x `count`), and for many
    ///   O(vocabulary x log(vocabulary)).
    package func callAsFunction(
        _ token: TokenID, of row: Span<Float>, position: Int
    ) throws(EngineError) -> TokenLogprob {
        let normalizer = isLogits ? 0 : try LogSoftmax(row, position: position).normalizer
        let entries =
            tokens.map { $0.map { (token: Int($0.rawValue), logit: row[Int($0.rawValue)]) } }
            ?? Self.heaviest(count < 0 ? row.count : min(count, row.count), of: row)
        let own = row[Int(token.rawValue)]
        let rank = 1 + LogitScan().count(above: own, in: row)
        return TokenLogprob(
            token: token, logprob: Double(own) - normalizer, rank: rank,
            top: entries.map {
                .init(token: TokenID(UInt32($0.token)), logprob: Double($0.logit) - normalizer)
            })
    }

    /// The largest logits, largest first, the lower of equals first.
    private static func heaviest(
        _ count: Int, of row: Span<Float>
    ) -> [(token: Int, logit: Float)] {
        guard count > 0 else { return [] }
        if count >= sortedFrom {
            let all = row.indices.map { (token: $0, logit: row[$0]) }
            let sorted = all.sorted {
                $0.logit != $1.logit ? $0.logit > $1.logit : $0.token < $1.token
            }
            return Array(sorted.prefix(count))
        }
        var top: [(token: Int, logit: Float)] = []
        top.reserveCapacity(count + 1)
        let scan = LogitScan()
        var token = 0
        while token < row.count {
            if top.count == count {
                guard let next = scan.next(above: top[count - 1].logit, from: token, in: row)
                else { break }
                token = next
                top.removeLast()
            }
            let logit = row[token]
            // Equal tokens stay in the order of their ids.
            let place = top.firstIndex { $0.logit < logit } ?? top.count
            top.insert((token, logit), at: place)
            token += 1
        }
        return top
    }
}

/// Log probabilities of one row of logits.
package struct LogSoftmax {
    /// `log(sum(exp(logit)))`.
    let normalizer: Double

    /// Sums the row in one fixed order, in double precision.
    ///
    /// - Throws: `EngineError.invalidLogits` as `Sampler.largest`.
    /// - Complexity: O(vocabulary).
    package init(_ logits: Span<Float>, position: Int) throws(EngineError) {
        let (_, largest) = try Sampler.largest(logits, position: position)
        let sum = LogitScan().exponentialSum(logits, largest: largest)
        normalizer = Double(largest) + Elementary.log(sum)
    }

    /// The log probability of a logit of the row.
    package func callAsFunction(_ logit: Float) -> Double { Double(logit) - normalizer }
}
