import QuireIdentifiers
import Testing

@testable import quire

@Suite struct `A file of prompts` {
    @Test func `has a string or an object on each line`() {
        let lines = PromptLine.parse(
            """
            "plain"
            {"prompt": "in an object", "more": 1}

            {"prompt": [1, 2, 3]}
            not json
            {"text": "no prompt"}
            {"prompt": [-1]}
            {"prompt": 7}
            """)
        #expect(lines.map(\.number) == [1, 2, 4, 5, 6, 7, 8])
        #expect(
            lines.map(\.prompt) == [
                .text("plain"), .text("in an object"), .tokens([1, 2, 3]), nil, nil, nil, nil,
            ])
    }

    @Test func `raw ids are numbers with commas between them`() {
        #expect(PromptText(rawIDs: "1,2, 3") == .tokens([1, 2, 3]))
        #expect(PromptText(rawIDs: "7") == .tokens([7]))
        for wrong in ["", ",", "1,", "1 2", "1 2,x", "-1", "4294967296", "1.5"] {
            #expect(PromptText(rawIDs: wrong) == nil, "\(wrong)")
        }
    }
}
