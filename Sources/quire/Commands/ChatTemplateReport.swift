import ChatTemplates
import ModelFiles
import QuireJSON

/// What a chat template can do and how its model answers, for `quire chat-template --check`.
struct ChatTemplateReport: Encodable {
    /// How a part of an answer is marked.
    struct Brackets: Encodable {
        let open: String
        let close: String

        init?(_ brackets: AnswerFormat.Brackets?) {
            guard let brackets else { return nil }
            open = brackets.open.text
            close = brackets.close.text
        }
    }

    /// Calls of tools: whether they are understood, and what came of reading them back.
    struct Calls: Encodable {
        let understood: Bool
        let reason: String?
        let parser: String
        let style: String?
        let parallel: Bool?
        let begin: String?
    }

    /// Random conversations that were written by the template and read back.
    struct RoundTripReport: Encodable {
        let written: Int
        let equal: Int
        let withCalls: Int
        let difference: String?

        private enum CodingKeys: String, CodingKey {
            case written, equal, difference
            case withCalls = "with_calls"
        }
    }

    /// The roles and forms that the template has a place for.
    let renders: [String: Bool]
    let reasoningField: String?
    let reasoning: Brackets?
    let content: Brackets?
    let end: String
    let calls: Calls
    let roundTrip: RoundTripReport

    private enum CodingKeys: String, CodingKey {
        case renders, reasoning, content, end, calls
        case reasoningField = "reasoning_field"
        case roundTrip = "round_trip"
    }

    /// The conversations of the round trip.
    static let conversations = 200

    /// Checks a template.
    init(_ template: ChatTemplate, source: String, names: [JSONValue.Member]) {
        var learned = FormatLearner.learn(template, names: names)
        ToolParser.auto.apply(to: &learned, template: source)
        let can = TemplateCapabilities.probe(template, learned, names: names)
        renders = Dictionary(uniqueKeysWithValues: can.named.map { ($0.name, $0.holds) })
        reasoningField = learned.form.reasoningKey
        reasoning = Brackets(learned.format.reasoning)
        content = Brackets(learned.format.content)
        end = learned.format.end.text
        calls = Calls(learned)
        var trip = RoundTrip(template, learned, names: names)
        let report = trip.check(conversations: Self.conversations)
        roundTrip = RoundTripReport(
            written: report.written, equal: report.equal, withCalls: report.withCalls,
            difference: report.difference)
    }
}

extension ChatTemplateReport {
    /// Checks the chat template of a model; nil: it has none.
    ///
    /// - Throws: `TemplateFault`, when it cannot be used.
    init?(of file: any ModelDescription) throws {
        guard let source = try file.chatTemplates()["default"] else { return nil }
        let names = ["bos", "eos"].map { name in
            JSONValue.Member(name + "_token", .string(Self.token(name, of: file) ?? ""))
        }
        do throws(TemplateError) {
            self.init(try ChatTemplate(parsing: source), source: source, names: names)
        } catch {
            throw TemplateFault(path: "its chat template", error: error)
        }
    }

    /// The text of the beginning or the end of a text, without making the tokenizer.
    private static func token(_ name: String, of file: any ModelDescription) -> String? {
        switch file.tokenizer {
        case .json(_, let tokens), .sentencePiece(_, let tokens):
            return name == "bos" ? tokens.bos : tokens.eos
        case .metadata(let metadata):
            guard let id = metadata.value(for: "tokenizer.ggml.\(name)_token_id")?.integer,
                let vocabulary = (try? metadata.strings(ifPresent: "tokenizer.ggml.tokens")) ?? nil
            else { return nil }
            return 0..<vocabulary.count ~= id ? vocabulary.text(id) : nil
        }
    }

    /// What a person wants to know of it, as lines with their titles.
    var rows: [(title: String, text: String)] {
        let can = renders.filter(\.value).keys.sorted().joined(separator: ", ")
        let thoughts = reasoning.map {
            "between \(Self.shown($0.open)) and \(Self.shown($0.close))"
        }
        let understood = "understood" + (calls.parallel == true ? ", also several" : "")
        return [
            ("chat template", "yes: \(can)"),
            ("reasoning", thoughts ?? "none was learned: answers are text"),
            (
                "calls of tools",
                calls.understood
                    ? "\(understood); they begin with \(Self.shown(calls.begin ?? ""))"
                    : "not understood (\(calls.reason ?? "the template writes none")): text"
            ),
        ]
    }

    private static func shown(_ text: String) -> String {
        "'" + text.replacing("\n", with: "\\n") + "'"
    }
}

extension ChatTemplateReport.Calls {
    init(_ learned: LearnedFormat) {
        let format = learned.format.calls
        understood = format != nil
        reason = learned.callsFailure
        parser = learned.parser.rawValue
        parallel = format?.allowsSeveral
        begin = format?.beginning(with: nil).string
        style =
            switch format?.body {
            case nil: nil
            case .object: "object"
            case .json: "json"
            case .tagged: "tagged"
            case .literal: "literal"
            }
    }
}
