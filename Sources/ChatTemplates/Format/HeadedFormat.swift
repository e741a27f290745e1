/// Answers that are a sequence of messages, each with a head that says what it is.
///
/// ```
/// harmony      <|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary
///              to=functions.look <|constrain|>json<|message|>{"at": 1}<|call|>
/// functionary  all\nHello>>>look\n{"at": 1}
/// ```
///
/// No two templates need write one in the same way as its model does, so that it is not learned.
package enum HeadedFormat: Hashable, Sendable {
    /// The channels of gpt-oss.
    case harmony
    /// The recipients of Functionary 3.2.
    case functionary

    /// What a head says.
    enum Kind: Hashable {
        case thought
        case text
        case call(String)
    }

    /// A head at a place in an answer.
    enum Finding: Hashable {
        /// Something else.
        case none
        /// More must come to tell.
        case partial
        /// It is one, and its message begins at an offset.
        case found(Kind, end: Int)
    }

    /// What a message may end with.
    var ends: [Marker] {
        switch self {
        case .harmony: [Marker("<|end|>"), Marker("<|call|>"), Marker("<|return|>")]
        case .functionary: [Marker("<|eot_id|>")]
        }
    }

    /// What a head begins with that follows no end.
    var opening: Marker {
        switch self {
        case .harmony: Marker("<|start|>")
        case .functionary: Marker(">>>")
        }
    }

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - isFirst: whether the answer begins here: what opens a head stands in the prompt then.
    ///   - callsTools: whether calls are wanted.
    func head(
        of bytes: [UInt8], at place: Int, isFirst: Bool, callsTools: Bool
    ) -> Finding {
        switch self {
        case .harmony: harmonyHead(bytes, place, callsTools)
        case .functionary: functionaryHead(bytes, place, isFirst, callsTools)
        }
    }

    private func harmonyHead(_ bytes: [UInt8], _ start: Int, _ callsTools: Bool) -> Finding {
        let openings = ["<|start|>", "<|channel|>", "<|message|>", "<|constrain|>", "to="]
        let matches = openings.map { Marker($0).match(bytes, at: start) }
        guard matches.contains(where: { $0 != .none }) else { return .none }
        let message = Marker("<|message|>")
        // A bound at each beginning of a head: text may have many of them and no message.
        let last = start + TemplateLimits.headBytes
        var place = start
        while place < min(bytes.count, last) {
            if case .full(let end) = message.match(bytes, at: place) {
                let words = Self.words(of: bytes[start..<place])
                return .found(Self.kind(words, callsTools), end: end)
            }
            place += 1
        }
        return bytes.count < last + message.text.utf8.count ? .partial : .none
    }

    /// The words of a head: `<|channel|>commentary to=f` has `<|channel|>`, `commentary`, `to=f`.
    private static func words(of head: ArraySlice<UInt8>) -> [String] {
        var text = String(decoding: head, as: UTF8.self)
        for name in ["start", "channel", "constrain"] {
            text = text.replacing("<|\(name)|>", with: " <|\(name)|> ")
        }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func kind(_ words: [String], _ callsTools: Bool) -> Kind {
        let recipient = words.last { $0.hasPrefix("to=") }?.dropFirst(3)
        if callsTools, var name = recipient, !name.isEmpty {
            if name.hasPrefix("functions.") { name = name.dropFirst(10) }
            return .call(String(name))
        }
        let channel = words.lastIndex(of: "<|channel|>").map { words[($0 + 1)...].first }
        return channel == "analysis" ? .thought : .text
    }

    private func functionaryHead(
        _ bytes: [UInt8], _ start: Int, _ isFirst: Bool, _ callsTools: Bool
    ) -> Finding {
        var place = start
        switch opening.match(bytes, at: start) {
        case .full(let end): place = end
        case .partial: return .partial
        case .none: if !isFirst { return .none }
        }
        let name = bytes[place...].prefix { Self.isOfName($0) }
        guard name.count <= TemplateLimits.toolName else { return .none }
        guard name.endIndex < bytes.count else { return .partial }
        guard !name.isEmpty, bytes[name.endIndex] == UInt8(ascii: "\n") else { return .none }
        let end = name.endIndex + 1
        if name.elementsEqual("all".utf8) { return .found(.text, end: end) }
        guard callsTools else { return .none }
        // What follows has to be arguments: text may quote `>>>` before anything.
        let rest = bytes[end...].prefix(TemplateLimits.headBytes)
        guard let next = rest.first(where: { !Marker.isSpace($0) }) else {
            return rest.count < TemplateLimits.headBytes ? .partial : .none
        }
        guard next == UInt8(ascii: "{") else { return .none }
        return .found(.call(String(decoding: name, as: UTF8.self)), end: end)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
