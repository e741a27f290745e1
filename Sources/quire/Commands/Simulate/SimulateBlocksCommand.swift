import ArgumentParser
import KVCache
import Reporting
import Simulation

struct SimulateBlocksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blocks",
        abstract: "Show the block tables of a story, line by line.",
        discussion: """
            A story has a line for everything that happens to the cache; every word is a token:

            prompt a the quick brown fox      a new sequence
            append a jumps                    tokens that it generated
            fork a b                          b continues what a has so far
            free a                            a has ended; what it computed stays cached

            The cache that serves plays it. Without a file it plays one of two samples that share \
            a prompt, and a second prompt that begins like it.

            quire simulate blocks
            quire simulate blocks --block-size 2 --report blocks.html
            """)

    @Argument(
        help: "The story; - reads it from stdin (default: a sample of one).",
        completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("Blocks of the pool.", valueName: "n"))
    var blocks = 9

    @Option(help: ArgumentHelp("Tokens of a block.", valueName: "n"))
    var blockSize = 4

    @Option(help: "Which cached block is given up first.")
    var eviction = EvictionPolicy.lru

    @OptionGroup var output: OutputOptions

    @OptionGroup var report: ReportOptions

    /// Two samples of one prompt, and a prompt that begins like it.
    private static let sample = """
        prompt ann once upon a time there was a
        fork ann bob
        append ann small red fox
        append bob big blue whale
        prompt cleo once upon a time there lived a king
        free ann
        free bob
        prompt dan once upon a time there was a small town
        """

    func run() async throws {
        let text = try file.map { try StandardStreams.read(file: $0) } ?? Self.sample
        let scenes = try BlockStory(blocks: blocks, blockSize: blockSize, eviction: eviction)
            .scenes(of: text)
        switch output.format {
        case .json: print(try JSONText.line(Scene.all(scenes)))
        case .text: for line in Self.lines(scenes) { print(line) }
        }
        try report.write { BlockStoryReport(scenes).report() }
    }

    /// What a person reads: each line of the story, what it did, and the tables after it.
    private static func lines(_ scenes: [BlockStory]) -> [String] {
        var lines: [String] = []
        for scene in scenes.dropFirst() {
            guard let event = scene.events.last else { continue }
            lines.append("> " + Terminal.plain(event.line))
            var parts: [String] = []
            if event.reused > 0 { parts.append("\(event.reused) words reused") }
            if event.computed > 0 { parts.append("\(event.computed) computed") }
            for copy in event.copies { parts.append("block \(copy.from) copied to \(copy.to)") }
            if event.evictions > 0 { parts.append("\(event.evictions) cached blocks given up") }
            if !parts.isEmpty { lines.append("  " + parts.joined(separator: ", ")) }
            for sequence in scene.sequences {
                for entry in scene.table(of: sequence) {
                    let head = entry.logical == 0 ? Terminal.plain(sequence.name) : ""
                    let name = head.padding(to: 8)
                    let shared = entry.references > 1 ? "  x\(entry.references)" : ""
                    lines.append(
                        "  \(name)\(entry.logical) -> \(entry.physical)  "
                            + Terminal.plain(entry.words.joined(separator: " ")) + shared)
                }
            }
            lines.append("  pool    " + scene.states.map(mark).joined())
        }
        return lines + ["pool: # of one sequence, + of several, o cached, . free"]
    }

    private static func mark(_ state: BlockStory.State) -> String {
        switch state {
        case .held: "#"
        case .shared: "+"
        case .cached: "o"
        case .free: "."
        }
    }

    /// A line of the story and what there was after it, for programs.
    private struct Scene: Encodable {
        struct Table: Encodable {
            let sequence: String
            let tokens: Int
            let blocks: [Int]
        }

        let line: String
        let reused: Int
        let computed: Int
        let copies: [[Int]]
        let evictions: Int
        let tables: [Table]
        let pool: [String]

        static func all(_ scenes: [BlockStory]) -> [Scene] {
            scenes.dropFirst().compactMap { scene in
                guard let event = scene.events.last else { return nil }
                return Scene(
                    line: event.line, reused: event.reused, computed: event.computed,
                    copies: event.copies.map { [$0.from.number, $0.to.number] },
                    evictions: event.evictions,
                    tables: scene.sequences.map { sequence in
                        Table(
                            sequence: sequence.name, tokens: sequence.words.count,
                            blocks: scene.table(of: sequence).map(\.physical.number))
                    },
                    pool: scene.states.map(\.rawValue))
            }
        }
    }
}

extension BlockID {
    /// As a number.
    var number: Int { Int(rawValue) }
}

extension String {
    /// With blanks behind it up to a width.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
