import KVCache
import Testing

@testable import Simulation

struct BlockStoryTests {
    private func play(_ lines: String, blocks: Int = 12, blockSize: Int = 4) throws -> BlockStory {
        var story = try BlockStory(blocks: blocks, blockSize: blockSize)
        for line in lines.split(separator: "\n") { try story.play(String(line)) }
        return story
    }

    private func error(_ lines: String, blocks: Int = 12) -> String {
        do {
            _ = try play(lines, blocks: blocks)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func `a prompt takes as many blocks as it fills, the last in part`() throws {
        let story = try play("prompt a one two three four five six")
        let table = story.table(of: story.sequences[0])
        #expect(table.map(\.logical) == [0, 1])
        #expect(table.map(\.words) == [["one", "two", "three", "four"], ["five", "six"]])
        #expect(table.map(\.references) == [1, 1])
        #expect(story.states.count { $0 == .held } == 2)
    }

    @Test func `a second prompt shares the full blocks that begin it`() throws {
        let story = try play(
            """
            prompt a one two three four five six seven eight nine
            prompt b one two three four five six seven eight ten
            """)
        #expect(story.events[1].reused == 8)
        #expect(story.events[1].computed == 1)
        let tables = story.sequences.map { story.table(of: $0).map(\.physical) }
        #expect(tables[0].prefix(2) == tables[1].prefix(2))
        #expect(tables[0][2] != tables[1][2])
        #expect(story.states.count { $0 == .shared } == 2)
    }

    @Test func `who writes into a shared block first copies it`() throws {
        let story = try play(
            """
            prompt a one two three four five
            fork a b
            append b six
            append a other
            """)
        #expect(story.events[2].copies.count == 1)
        #expect(story.events[3].copies.isEmpty)
        let tables = story.sequences.map { story.table(of: $0) }
        #expect(tables[0][0].physical == tables[1][0].physical)
        #expect(tables[0][0].references == 2)
        #expect(tables[0][1].physical != tables[1][1].physical)
        #expect(story.events[2].copies[0].from == tables[0][1].physical)
        #expect(tables[1][1].words == ["five", "six"])
    }

    @Test func `what has ended stays cached until its blocks are needed`() throws {
        var story = try play(
            """
            prompt a one two three four five six seven eight
            free a
            """, blocks: 3)
        #expect(story.states == [.cached, .cached, .free])
        #expect(story.prefixTree().map(\.isCached) == [true])
        #expect(story.prefixTree()[0].children.map(\.isCached) == [true])
        try story.play("prompt b new words that fill two blocks of four")
        #expect(story.events[2].evictions == 1)
        // The tail went first: a prefix without its beginning is worth nothing.
        #expect(story.prefixTree()[0].isCached)
        #expect(story.prefixTree()[0].children.map(\.isCached) == [false])
    }

    @Test func `a text is played line by line, whatever ends its lines`() throws {
        for end in ["\n", "\r\n"] {
            let text = ["prompt a one two", "", "# a remark", "fork a b"].joined(separator: end)
            let scenes = try BlockStory(blocks: 12, blockSize: 4).scenes(of: text + end)
            #expect(scenes.map(\.sequences.count) == [0, 1, 2])
            #expect(scenes[1].sequences[0].words == ["one", "two"])
            let error = #expect(throws: TraceError.self) {
                try BlockStory(blocks: 12, blockSize: 4).scenes(of: text + end + "free c")
            }
            #expect(error?.line == 5)
        }
    }

    @Test func `what cannot be done changes nothing and says why`() throws {
        #expect(error("jump a").contains("none of prompt, append, fork and free"))
        #expect(error("free a") == "there is no sequence \"a\" now")
        #expect(error("prompt a x\nprompt a y").contains("already"))
        #expect(error("prompt a") == "a prompt has words")
        #expect(error("prompt a x\nfork a").contains("two names"))
        #expect(error("prompt a 1 2 3 4 5 6 7 8 9", blocks: 2).contains("more than the 2 blocks"))
        var story = try play("prompt a 1 2 3 4 5 6 7 8", blocks: 2)
        #expect(throws: TraceError.self) { try story.play("append a 9") }
        #expect(story.sequences[0].words.count == 8)
        #expect(story.events.count == 1)
    }
}
