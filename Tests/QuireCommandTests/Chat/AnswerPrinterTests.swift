import Conversation
import Testing

@testable import quire

/// What is written of an answer.
struct AnswerPrinterTests {
    private func written(
        _ events: [AnswerEvent], _ thoughts: AnswerPrinter.Thoughts
    ) -> [AnswerPrinter.Piece] {
        var printer = AnswerPrinter(thoughts)
        return events.flatMap { printer.pieces(of: $0) } + printer.finish()
    }

    private static let end = AnswerEvent.ended(AnswerEnd(.stop, AnswerUsage()))
    private static let events: [AnswerEvent] = [
        .began(promptTokens: 3), .reasoning("Let me "), .reasoning("see."), .text("Yes"),
        .text("."), end,
    ]

    @Test func `thoughts are dimmed on a terminal`() {
        #expect(
            written(Self.events, .dimmed) == [
                .own("\u{1B}[2m"), .model("Let me "), .model("see."), .own("\u{1B}[22m\n"),
                .model("Yes"), .model("."),
            ])
    }

    @Test func `thoughts are left out of a pipe`() {
        #expect(written(Self.events, .hidden) == [.model("Yes"), .model(".")])
    }

    @Test func `a terminal that cannot dim has marks`() {
        #expect(written(Self.events, .marked).first == .own("(thinks: "))
    }

    @Test func `an answer that ends in a thought leaves the terminal as it was`() {
        for events in [[AnswerEvent.reasoning("Hm"), Self.end], [.reasoning("Hm")]] {
            #expect(
                written(events, .dimmed) == [
                    .own("\u{1B}[2m"), .model("Hm"), .own("\u{1B}[22m\n"),
                ])
        }
    }
}
