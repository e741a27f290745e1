/// What a result came of: enough to get it again, and to see that two results are of one input.
package struct ResultStamp: Hashable, Sendable {
    /// How the clients of a simulation behave.
    package enum Loop: String, Hashable, Sendable, Encodable {
        /// Requests come when they come, however slow the answers are.
        case open
        /// A client asks again when it has its answer.
        case closed
    }

    /// The hash of the requests (`Trace.fingerprint`); nil where the result is of no trace.
    package let traceHash: UInt64?

    /// The seed of all that was drawn; nil where nothing was.
    package let seed: UInt64?

    /// The version of the program.
    package let version: String

    /// Whether clients were an open or a closed loop; nil where there were no clients.
    package let loop: Loop?

    /// A stamp.
    package init(traceHash: UInt64?, seed: UInt64?, version: String, loop: Loop?) {
        self.traceHash = traceHash
        self.seed = seed
        self.version = version
        self.loop = loop
    }

    /// A stamp of a result of a trace. O(size of the trace).
    package init(_ trace: Trace, seed: UInt64?, version: String, loop: Loop?) {
        self.init(traceHash: trace.fingerprint, seed: seed, version: version, loop: loop)
    }

    /// The hash in 16 hexadecimal digits.
    package var traceDigits: String? {
        guard let traceHash else { return nil }
        let digits = String(traceHash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The stamp on one line, for people: `trace 0f3a…, seed 7, open loop, version 0.2.0`.
    package var line: String {
        var parts: [String] = []
        if let traceDigits { parts.append("trace \(traceDigits)") }
        if let seed { parts.append("seed \(seed)") }
        if let loop { parts.append("\(loop.rawValue) loop") }
        parts.append("version \(version)")
        return parts.joined(separator: ", ")
    }
}

extension ResultStamp: Encodable {
    private enum CodingKeys: String, CodingKey {
        case traceHash = "trace_hash"
        case seed
        case version
        case loop
    }

    /// Writes an object of `trace_hash` (hexadecimal digits: JSON numbers lose bits of 64), `seed`,
    /// `version` and `loop`; what there is none of is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(traceDigits, forKey: .traceHash)
        try container.encode(seed, forKey: .seed)
        try container.encode(version, forKey: .version)
        try container.encode(loop, forKey: .loop)
    }
}
