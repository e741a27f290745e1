/// How a model writes an answer: what its template shows of thoughts, text and calls of tools.
///
///     answer = thoughts? text? (section open, call (separator call)*, section close)? end
///
/// It is learned from the template (`FormatLearner`) and read by `AnswerParser`.
package struct AnswerFormat: Hashable, Sendable {
    /// What stands around a part of an answer.
    package struct Brackets: Hashable, Sendable {
        /// Before it.
        package var open: Marker
        /// Behind it.
        package var close: Marker

        /// Brackets.
        package init(open: Marker, close: Marker) {
            self.open = open
            self.close = close
        }
    }

    /// What a prompt says last before every answer (`<|im_start|>assistant`). What follows it in a
    /// prompt, such as an open `<think>`, is the beginning of the answer.
    package var header = ""

    /// Around thoughts; nil: the template knows none.
    package var reasoning: Brackets?

    /// Around text; nil: nothing is.
    package var content: Brackets?

    /// How tools are called; nil: the template cannot say it, or it was not understood.
    package var calls: CallFormat?

    /// What ends an answer.
    package var end = Marker.none

    /// How the heads of an answer's messages are written, for answers that are read by them; nil:
    /// the rest says how an answer is written.
    package var heads: HeadedFormat?

    /// An answer is text and nothing else.
    package init() {}

    /// Everything that structures answers.
    package var markers: [Marker] {
        let brackets = [reasoning, content].compactMap(\.self)
        return brackets.flatMap { [$0.open, $0.close] } + (calls?.markers ?? [])
    }
}

/// How calls of tools are written.
package struct CallFormat: Hashable, Sendable {
    /// Before the first call.
    package var sectionOpen = Marker.none
    /// Behind the last call.
    package var sectionClose = Marker.none
    /// Between calls.
    package var separator = Marker.none
    /// A call.
    package var body: Body
    /// Behind each call.
    package var close = Marker.none
    /// Whether an answer can have several.
    package var allowsSeveral = false
    /// Whether the calls' own ids are written.
    package var keepsIDs = false

    /// What is between the markers of a call.
    package enum Body: Hashable, Sendable {
        /// A JSON object behind a marker.
        case object(ObjectShape, open: Marker)
        /// A head with the name, and the arguments as one JSON object.
        case json([HeadPart])
        /// A head with the name, and each argument between markers.
        case tagged([HeadPart], ArgumentShape)
        /// A head with the name, and arguments as in a program.
        case literal([HeadPart], LiteralShape)
    }

    /// A part of what a call begins with.
    package enum HeadPart: Hashable, Sendable {
        /// A fixed text.
        case marker(Marker)
        /// The tool's name.
        case name
        /// The call's id.
        case id
        /// The call's number.
        case number
    }

    /// Where in an object the parts of a call are: keys from the outside in.
    package struct ObjectShape: Hashable, Sendable {
        /// The name; nil: it is the key of the arguments.
        package var name: [String]?
        /// The arguments.
        package var arguments: [String]
        /// The id; nil: there is none.
        package var id: [String]?
        /// Whether the arguments are an object in a string.
        package var isText = false
    }

    /// How an argument is written.
    package struct ArgumentShape: Hashable, Sendable {
        /// Before its name.
        package var open: Marker
        /// Between its name and a value that is a string.
        package var stringInfix: Marker
        /// Between its name and any other value.
        package var otherInfix: Marker
        /// Behind a value that is a string.
        package var stringClose: Marker
        /// Behind any other value.
        package var otherClose: Marker
        /// Between arguments.
        package var separator = Marker.none
    }

    /// How arguments are written as in a program.
    package struct LiteralShape: Hashable, Sendable {
        /// Between a name and its value.
        package var infix: Marker
        /// Around a string.
        package var quote: Marker
        /// Between arguments.
        package var separator: Marker
    }

    var markers: [Marker] {
        var all = [sectionOpen, sectionClose, separator, close]
        switch body {
        case .object(_, let open): all.append(open)
        case .json(let head), .tagged(let head, _), .literal(let head, _):
            for case .marker(let marker) in head { all.append(marker) }
        }
        if case .tagged(_, let shape) = body {
            all += [shape.open, shape.stringInfix, shape.stringClose, shape.otherClose]
        }
        if case .literal(_, let shape) = body { all += [shape.quote, shape.infix] }
        return all
    }

    /// What the first call of an answer begins with, up to the name, or up to the arguments where a
    /// name is given; nothing where a call cannot be begun before it is known.
    ///
    /// The name is the request's and marked so: it cannot forge what is not a name.
    package func beginning(with name: String?) -> MarkedText {
        var text = MarkedText("", isForeign: false)
        for (piece, isName) in parts(with: name) {
            // Space before it is there for text or thoughts, and nothing comes before this.
            let own = text.isEmpty ? piece.utf8.drop(while: Marker.isSpace) : Substring(piece).utf8
            text.append(MarkedText(String(decoding: own, as: UTF8.self), isForeign: isName))
        }
        return text
    }

    private func parts(with name: String?) -> [(String, isName: Bool)] {
        var pieces = [(sectionOpen.text, false)]
        switch body {
        case .object(let shape, let open):
            guard shape.name?.count == 1, let key = shape.name?.first else { return [] }
            pieces += [(open.text, false), ("{\"\(key)\": \"", false)]
            guard let name else { return pieces }
            pieces += [(name, true), ("\"", false)]
            // Text cut between a quote and its comma is tokenised as no model has ever seen it.
            // The space behind the colon is left to the model, whose next token begins with it.
            if shape.id == nil, shape.arguments.count == 1, let key = shape.arguments.first {
                pieces.append((", \"\(key)\":", false))
            }
        case .json(let head), .tagged(let head, _), .literal(let head, _):
            for part in head {
                switch part {
                case .marker(let marker): pieces.append((marker.text, false))
                case .name:
                    guard let name else { return pieces }
                    pieces.append((name, true))
                case .id, .number: return pieces
                }
            }
        }
        return pieces
    }

    /// The markers that may follow a part of a call's head.
    func followers(of part: Int, in head: [HeadPart]) -> [Marker] {
        if part + 1 < head.count {
            if case .marker(let marker) = head[part + 1] { return [marker] }
            return []
        }
        guard case .tagged(_, let shape) = body else { return [] }
        return [shape.open, close]
    }

    /// The marker that a call, or a section of them, begins with; empty: there is none.
    var first: Marker {
        guard sectionOpen.isEmpty else { return sectionOpen }
        return open
    }

    /// The marker that each call begins with.
    var open: Marker {
        switch body {
        case .object(_, let open): open
        case .json(let head), .tagged(let head, _), .literal(let head, _):
            if case .marker(let marker)? = head.first { marker } else { .none }
        }
    }
}
