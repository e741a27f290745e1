/// Reads an answer whose messages have heads (`HeadedFormat`).
///
/// As with `AnswerParser`, wherever the answer is cut into pieces the same comes out, joined, and
/// what is no head is text.
struct HeadedParser: Hashable, Sendable {
    /// Where in an answer the parser is.
    private enum Place: Hashable {
        /// Where a head comes, or an answer without any.
        case head(isFirst: Bool)
        /// In a message that is passed on.
        case thought, text
        /// In the arguments of a call.
        case call
        /// Behind the arguments.
        case behindCall
    }

    private let format: HeadedFormat
    private let callsTools: Bool
    private var buffer: [UInt8] = []
    private var position = 0
    private var place = Place.head(isFirst: true)
    private var arguments = JSONArgumentReader()
    private var isFinal = false
    /// Whether there was a thought, or a text: another one is another paragraph.
    private var hasThought = false
    private var hasText = false
    /// Whether the message that is being read has passed anything on.
    private var hasBegun = false
    private var pieces: [AnswerPiece] = []

    init(_ format: HeadedFormat, callsTools: Bool) {
        self.format = format
        self.callsTools = callsTools
    }

    var isThinking: Bool { place == .thought }

    mutating func append(_ text: String) -> [AnswerPiece] {
        buffer += text.utf8
        while advance() {}
        buffer.removeFirst(position)
        position = 0
        defer { pieces = [] }
        return pieces
    }

    mutating func finish() -> [AnswerPiece] {
        isFinal = true
        pieces = append("")
        if place == .call { endCall(arguments.closing) }
        defer { pieces = [] }
        return pieces
    }

    private mutating func advance() -> Bool {
        switch place {
        case .head(let isFirst): readHead(isFirst)
        case .thought, .text: readMessage()
        case .call: readArguments()
        case .behindCall: readBehindCall()
        }
    }

    private mutating func readHead(_ isFirst: Bool) -> Bool {
        var start = position
        while start < buffer.count, Marker.isSpace(buffer[start]) { start += 1 }
        guard start < buffer.count else { return false }
        switch format.head(of: buffer, at: start, isFirst: isFirst, callsTools: callsTools) {
        case .partial where !isFinal: return false
        case .partial where buffer[start...].starts(with: "<|".utf8):
            // A head that was cut off is of special tokens, and nobody's text.
            position = buffer.count
            return false
        case .none, .partial: begin(.text)
        case .found(let kind, let end):
            position = end
            switch kind {
            case .thought: begin(.thought)
            case .text: begin(.text)
            case .call(let name):
                pieces.append(.callBegan(id: nil, name: name))
                arguments = JSONArgumentReader()
                place = .call
            }
        }
        return true
    }

    private mutating func begin(_ message: Place) {
        place = message
        hasBegun = false
    }

    /// Passes a message on up to its end, or to the head of the next.
    private mutating func readMessage() -> Bool {
        var end = position
        while end < buffer.count {
            for marker in format.ends {
                switch marker.match(buffer, at: end) {
                case .none: continue
                case .partial where isFinal: continue
                case .partial:
                    give(upTo: end)
                    return false
                case .full(let behind):
                    give(upTo: end)
                    return move(to: behind)
                }
            }
            if format.opening.match(buffer, at: end) != .none {
                switch format.head(of: buffer, at: end, isFirst: false, callsTools: callsTools) {
                case .none: break
                case .partial where isFinal: break
                case .partial:
                    give(upTo: end)
                    return false
                case .found:
                    give(upTo: end)
                    return move(to: end)
                }
            }
            end += 1
        }
        give(upTo: buffer.count)
        return false
    }

    /// A message has ended: whitespace before its end is nobody's.
    private mutating func move(to next: Int) -> Bool {
        position = next
        place = .head(isFirst: false)
        return true
    }

    /// Passes on what is sure to be the message's: whitespace only with what follows it.
    private mutating func give(upTo end: Int) {
        var stop = end
        if !isFinal || end < buffer.count {
            while stop > position, Marker.isSpace(buffer[stop - 1]) { stop -= 1 }
        }
        guard stop > position else { return }
        let text = String(decoding: buffer[position..<stop], as: UTF8.self)
        position = stop
        let isThought = place == .thought
        let separator = !hasBegun && (isThought ? hasThought : hasText) ? "\n\n" : ""
        pieces.append(isThought ? .reasoning(separator + text) : .text(separator + text))
        hasBegun = true
        if isThought { hasThought = true } else { hasText = true }
    }

    private mutating func readArguments() -> Bool {
        while position < buffer.count {
            switch arguments.read(buffer[position]) {
            case .more: position += 1
            case .complete:
                position += 1
                endCall("")
                return true
            case .broken:
                // Some models leave the object out where there are no arguments.
                endCall(arguments.closing)
                return true
            }
        }
        let text = arguments.take()
        if !text.isEmpty { pieces.append(.callArguments(text)) }
        return false
    }

    private mutating func endCall(_ closing: String) {
        let text = arguments.take() + closing
        if !text.isEmpty { pieces.append(.callArguments(text)) }
        pieces.append(.callEnded)
        place = .behindCall
    }

    /// The end of a call, or the head of the next message, or text.
    private mutating func readBehindCall() -> Bool {
        var start = position
        while start < buffer.count, Marker.isSpace(buffer[start]) { start += 1 }
        guard start < buffer.count else { return false }
        for marker in format.ends {
            switch marker.match(buffer, at: start) {
            case .none: continue
            case .partial where isFinal: continue
            case .partial: return false
            case .full(let behind): return move(to: behind)
            }
        }
        return move(to: start)
    }
}
