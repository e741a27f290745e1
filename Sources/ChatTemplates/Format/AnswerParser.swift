import QuireJSON

/// Reads an answer as it is generated: thoughts, text, and calls of tools.
///
///     var parser = AnswerParser(format, tools: request.tools)
///     parser.begin(after: prompt)
///     for text in answer { show(parser.append(text)) }
///     show(parser.finish())
///
/// Wherever the answer is cut into pieces, the same comes out, joined. It never fails: what is not
/// the call that it seemed to be is given back as text, and a call that the end cuts off is closed.
package struct AnswerParser: Hashable, Sendable {
    /// Where in an answer the parser is.
    enum State: Hashable {
        /// Between parts: the next thing may be of any kind.
        case outside
        /// In thoughts.
        case reasoning
        /// In text that nothing is around.
        case text
        /// In text between brackets.
        case content
        /// Where a call, a separator or the end of the section comes next.
        case section
        /// In a call.
        case call
        /// Behind the end.
        case ended
    }

    let format: AnswerFormat
    let headerMarker: Marker
    /// The schemas of the tools' arguments, by the tools' names.
    let schemas: [String: JSONValue]

    /// What has come and is not read yet, from `position` on.
    var buffer: [UInt8] = []
    var position = 0
    var state = State.outside
    /// Whether nothing more will come: what could still become a marker is none.
    var isFinal = false
    /// Whether anything but whitespace has come.
    var hasBegun = false
    /// Whether a tool was called.
    var hasCalled = false
    /// Whether whitespace before the next text belongs to a marker that came before.
    var dropsSpace = false
    /// Whitespace of the text so far, which a marker behind it would make the marker's.
    var heldSpace: [UInt8] = []
    var call = CallReading()
    /// The marker that was read last, with the whitespace before it.
    var passed: [UInt8] = []
    /// What was read of a section before its first call was told.
    var sectionRaw: [UInt8] = []
    private var pieces: [AnswerPiece] = []
    /// What reads answers whose messages have heads, instead.
    private var headed: HeadedParser?

    /// A parser of one answer.
    package init(_ format: AnswerFormat, tools: [ToolDefinition] = []) {
        self.format = format
        headerMarker = Marker(format.header)
        headed = format.heads.map { HeadedParser($0, callsTools: format.calls != nil) }
        schemas = Dictionary(
            tools.compactMap { tool in tool.parameters.map { (tool.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Takes in what the prompt has of the answer already: an open `<think>`, the beginning of a
    /// message that is to be continued.
    ///
    /// - Returns: what of it is a part of the answer.
    package mutating func begin(after prompt: String) -> [AnswerPiece] {
        guard !format.header.isEmpty,
            let range = prompt.lastRange(of: format.header)
        else { return [] }
        return append(String(prompt[range.upperBound...]))
    }

    /// Whether what comes next is a thought.
    package var isThinking: Bool { headed?.isThinking ?? (state == .reasoning) }

    /// Takes in more of the answer.
    package mutating func append(_ text: String) -> [AnswerPiece] {
        if headed != nil { return headed?.append(text) ?? [] }
        buffer += text.utf8
        return read()
    }

    /// Reads the rest: there is no more.
    package mutating func finish() -> [AnswerPiece] {
        if headed != nil { return headed?.finish() ?? [] }
        isFinal = true
        var all = read()
        finishCall()
        if state == .text || state == .content || state == .outside, !heldSpace.isEmpty {
            emit(.text(String(decoding: heldSpace, as: UTF8.self)))
            heldSpace = []
        }
        all += take()
        return all
    }

    private mutating func read() -> [AnswerPiece] {
        while advance() {}
        buffer.removeFirst(position)
        position = 0
        return take()
    }

    /// Reads as far as one part goes; false if that takes more of the answer.
    private mutating func advance() -> Bool {
        switch state {
        case .outside: return readOutside()
        case .reasoning: return readReasoning()
        case .text: return readText()
        case .content: return readContent()
        case .section: return readSection()
        case .call: return readCall()
        case .ended: return readEnded()
        }
    }

    /// Adds a piece; neighbours of one kind become one.
    mutating func emit(_ piece: AnswerPiece) {
        switch (pieces.last, piece) {
        case (_, .text("")), (_, .reasoning("")), (_, .callArguments("")): return
        case (.text(let before)?, .text(let more)): pieces[pieces.count - 1] = .text(before + more)
        case (.reasoning(let before)?, .reasoning(let more)):
            pieces[pieces.count - 1] = .reasoning(before + more)
        case (.callArguments(let before)?, .callArguments(let more)):
            pieces[pieces.count - 1] = .callArguments(before + more)
        default: pieces.append(piece)
        }
    }

    private mutating func take() -> [AnswerPiece] {
        defer { pieces = [] }
        return pieces
    }
}

extension String {
    /// The last place of a text.
    fileprivate func lastRange(of text: String) -> Range<String.Index>? {
        let own = Array(utf8)
        let other = Array(text.utf8)
        guard other.count <= own.count else { return nil }
        for start in stride(from: own.count - other.count, through: 0, by: -1)
        where own[start] == other[0] && own[start..<start + other.count].elementsEqual(other) {
            let lower = utf8.index(startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: other.count)
        }
        return nil
    }
}
