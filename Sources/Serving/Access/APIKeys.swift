import HTTPTypes
import ModelStore

/// The keys of which a request must show one.
package struct APIKeys: Sendable {
    private let digests: [[UInt8]]

    /// Keys; empty ones are none.
    package init(_ keys: [String]) {
        digests = keys.filter { !$0.isEmpty }.map { SHA256Digest(of: Array($0.utf8)).bytes }
    }

    /// Whether everybody is answered.
    package var isEmpty: Bool { digests.isEmpty }

    /// Whether a request shows one of the keys, as `Authorization: Bearer KEY` or `x-api-key: KEY`.
    ///
    /// - Complexity: the same time whatever the key has in common with those that are right: sums
    ///   are compared, all of them and each to its end.
    func admit(_ fields: HTTPFields) -> Bool {
        guard !digests.isEmpty else { return true }
        guard let key = Self.key(in: fields), key.utf8.count <= FixedLimits.keyBytes else {
            return false
        }
        let shown = SHA256Digest(of: Array(key.utf8)).bytes
        var isKnown = false
        for digest in digests {
            var difference: UInt8 = 0
            for index in digest.indices { difference |= digest[index] ^ shown[index] }
            isKnown = isKnown || difference == 0
        }
        return isKnown
    }

    private static func key(in fields: HTTPFields) -> String? {
        if let authorization = fields[.authorization] {
            let scheme = "bearer "
            guard authorization.prefix(scheme.count).lowercased() == scheme else { return nil }
            return String(authorization.dropFirst(scheme.count))
        }
        return fields[.apiKey]
    }
}

extension HTTPField.Name {
    /// Where Anthropic's clients put their key.
    static let apiKey = Self.known("x-api-key")
    /// The name of a request, its client's or the server's.
    static let requestID = Self.known("x-request-id")
    /// The fields of a request that were passed over.
    static let ignoredFields = Self.known("x-quire-ignored")
    /// Keeps proxies from collecting a stream before they pass it on.
    static let accelBuffering = Self.known("x-accel-buffering")

    private static func known(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is no header's name") }
        return name
    }
}
