import ArgumentParser
import ChatTemplates
import Foundation
import QuireJSON

/// `quire chat-template`.
struct ChatTemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat-template",
        abstract: "Render a conversation with a chat template.",
        discussion: """
            Writes the rendering to stdout as it is, with no line break added. The context is one \
            JSON object with what the template reads: "messages", and as a rule \
            "add_generation_prompt", "bos_token", "eos_token" and "tools".

              quire chat-template --template chat_template.jinja --context conversation.json

            --check prints as JSON what the template can do, how its model marks thoughts and \
            calls of tools, and whether random conversations were read back as the template wrote \
            them.
            """)

    @Option(help: "The file with the template.", completion: .file())
    var template: String

    @Option(help: "The JSON file with the values that the template reads.", completion: .file())
    var context: String?

    @Flag(help: "Print what the template can do instead of a rendering.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "The date, or date and time, that the template takes for now.",
            discussion: "Such as 2024-07-26 or 2024-07-26T13:45:00; the clock's unless given.",
            valueName: "date"))
    var now: TemplateDate?

    func validate() throws {
        guard check != (context != nil) else {
            throw ValidationError(
                check
                    ? "--check renders conversations of its own: leave --context out."
                    : "Give the values that the template reads with --context, or --check.")
        }
        guard now == nil || !check else {
            throw ValidationError("--check does not depend on the date: leave --now out.")
        }
    }

    func run() async throws {
        let source = try StandardStreams.read(file: template)
        guard let context else { return try printReport(source) }
        let values = try JSONValue(
            parsing: try StandardStreams.bytes(file: context), path: context)
        guard values.members != nil else {
            throw ValidationError("\(Terminal.plain(context)) holds no JSON object")
        }
        let text: MarkedText
        do throws(TemplateError) {
            text = try ChatTemplate(parsing: source)
                .render(TemplateContext(values), now: now ?? TemplateDate.current)
        } catch {
            throw TemplateFault(path: template, error: error)
        }
        StandardStreams.write(answer: text.string)
    }

    private func printReport(_ source: String) throws {
        let parsed: ChatTemplate
        do throws(TemplateError) {
            parsed = try ChatTemplate(parsing: source)
        } catch {
            throw TemplateFault(path: template, error: error)
        }
        let names = [("bos_token", "<s>"), ("eos_token", "</s>")].map {
            JSONValue.Member($0, .string($1))
        }
        print(try JSONText.pretty(ChatTemplateReport(parsed, source: source, names: names)))
    }
}

/// A template that could not be rendered, with the file that holds it.
struct TemplateFault: Error, CustomStringConvertible {
    let path: String
    let error: TemplateError

    var description: String { Terminal.plain("\(path): \(error)") }
}

extension TemplateDate: ExpressibleByArgument {
    /// Reads `2024-07-26` or `2024-07-26T13:45:00`.
    init?(argument: String) { self.init(argument) }

    /// The time of this machine's clock, in its own zone.
    static var current: TemplateDate {
        let calendar = Calendar(identifier: .gregorian)
        let fields: Set<Calendar.Component> = [.year, .month, .day, .hour, .minute, .second]
        let parts = calendar.dateComponents(fields, from: Date())
        let date = TemplateDate(
            year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0,
            hour: parts.hour ?? 0, minute: parts.minute ?? 0, second: parts.second ?? 0)
        guard let date else { preconditionFailure("the calendar gives dates that there are") }
        return date
    }
}
