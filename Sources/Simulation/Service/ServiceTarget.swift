/// What counts as served well: the times that a share of requests or of gaps must keep.
package struct ServiceTarget: Hashable, Sendable {
    /// A time, and the share that must keep it.
    package struct Bound: Hashable, Sendable {
        /// The share, above 0 and at most 1: 0.99 for p99.
        package var share: Double
        /// Seconds.
        package var seconds: Double

        /// A bound.
        package init(share: Double, seconds: Double) {
            self.share = share
            self.seconds = seconds
        }
    }

    /// From arrival to the first token at the client.
    package var firstToken: Bound?

    /// From one token of an answer to the next.
    package var interToken: Bound?

    /// From arrival to the last token.
    package var endToEnd: Bound?

    /// No target.
    package init() {}

    /// Whether there is nothing to keep.
    package var isEmpty: Bool { firstToken == nil && interToken == nil && endToEnd == nil }
}

extension ServiceTarget {
    /// Reads `ttft.p99=2s,itl.p99=150ms,e2e.p50=10s`.
    ///
    /// - Throws: `ServiceError` that says what is wrong with which part.
    package init(_ text: String) throws(ServiceError) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let seconds = Self.seconds(sides[1]) else {
                throw ServiceError(
                    "the target \"\(part)\" is not a name and a time, as ttft.p99=2s or "
                        + "itl.p99=150ms")
            }
            let names = sides[0].split(
                separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard names.count == 2, names[1].first == "p",
                let percent = Double(names[1].dropFirst()), percent > 0, percent <= 100
            else {
                throw ServiceError(
                    "the target \"\(part)\" names no percentile; write ttft.p99, itl.p50 or so")
            }
            guard seconds <= ServiceLimits.targetSeconds else {
                throw ServiceError(
                    "the target \"\(part)\" is longer than \(ServiceLimits.targetSeconds) s; give "
                        + "a shorter time")
            }
            let path: WritableKeyPath<ServiceTarget, Bound?>
            switch names[0] {
            case "ttft": path = \.firstToken
            case "itl": path = \.interToken
            case "e2e": path = \.endToEnd
            default:
                throw ServiceError(
                    "the target \"\(part)\" is of \(names[0]); there are ttft, itl and e2e")
            }
            guard self[keyPath: path] == nil else {
                throw ServiceError(
                    "the target's \(names[0]) is given twice; each has one percentile")
            }
            self[keyPath: path] = Bound(share: percent / 100, seconds: seconds)
        }
    }

    /// A time with its unit: `150ms`, `2s`, `1m`.
    package static func seconds(_ text: some StringProtocol) -> Double? {
        let units: [(name: String, seconds: Double)] = [
            ("ms", 1e-3), ("us", 1e-6), ("s", 1), ("m", 60), ("h", 3600),
        ]
        for unit in units where text.hasSuffix(unit.name) {
            guard let value = Double(text.dropLast(unit.name.count)), value > 0, value.isFinite
            else { continue }
            return value * unit.seconds
        }
        return nil
    }
}

extension ServiceTarget: CustomStringConvertible {
    /// As it is written.
    package var description: String {
        [("ttft", firstToken), ("itl", interToken), ("e2e", endToEnd)].compactMap { name, bound in
            bound.map { "\(name).p\(Self.plain($0.share * 100))=\(Self.plain($0.seconds * 1e3))ms" }
        }.joined(separator: ",")
    }

    private static func plain(_ value: Double) -> String {
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
