import ArgumentParser
import KVCache
import Simulation

/// `quire simulate cache`.
struct SimulateCacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Replay a trace of prompts against the prefix cache's eviction policies.",
        discussion: """
            The trace lists the blocks of each prompt, as Mooncake's and Qwen's do. Prompts are \
            replayed in the file's order, one after another and in no time; what requests generate \
            is not stored. The policies are the engine's own code, but for two that only a \
            simulator has: length (least often used first, and among equals the furthest behind in \
            its prompt) and belady (the block whose next use is furthest away: nobody hits more).

            independent: every block is an access of its own; if it is not there it is stored, in \
            place of what the policy gives up.
            strict: only a prompt's first blocks that are there, without a gap, are hits. Its \
            blocks are held until it is done, so that none of them makes room for another, and \
            then released from its end. Here adaptive gives up no block while one that continues \
            it is there, as in the cache that serves; the others give up any, as they are known.

            quire simulate cache --workload "chat: sessions=500" --capacity 1000,10000
            quire simulate cache --trace Examples/traces/mooncake-conversation.jsonl \\
                --policy lru,belady --model strict --capacity 10000 --format json
            """)

    @OptionGroup var source: TraceOptions

    @Option(
        help: ArgumentHelp(
            "Which block is given up first: "
                + ReplayPolicy.all.map(\.name).joined(separator: ", ") + ".",
            valueName: "name,..."))
    var policy = PolicyList(ReplayPolicy.all)

    @Option(help: ArgumentHelp("Blocks of the cache, 0 for no bound.", valueName: "n,..."))
    var capacity: NumberList

    @Option(help: "How prompts meet the cache: independent or strict.")
    var model = ReplayModel.independent

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format: BenchFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        try source.requireGiven()
        try capacity.check("--capacity", 0...KVCacheLimits.maxBlocks - 1)
    }

    func run() async throws {
        let trace = try source.readPrompts()
        let blocks = try UnusableTrace.naming(source.name) { try BlockTrace(trace) }
        let rows = capacity.numbers.flatMap { capacity in
            policy.policies.map { policy in
                CacheRow(
                    CacheReplay(blocks, policy: policy, capacity: capacity, model: model),
                    policy: policy, capacity: capacity, model: model)
            }
        }
        let result = CacheResult(
            stamp: source.stamp(trace, loop: nil), source: trace.name, rows: rows)
        switch format {
        case .json: print(try JSONText.line(result))
        case .csv:
            for line in CacheRow.csv(rows) { print(line) }
            Terminal.note(result.stamp.line)
        case .text:
            for line in CacheRow.table(rows) { print(line) }
            Terminal.note(result.stamp.line)
        }
        try page.write { CacheReportPage(result).report }
    }
}

extension ReplayModel: ExpressibleByArgument {}

/// Names of policies on the command line: `lru,belady`.
struct PolicyList: ExpressibleByArgument {
    let policies: [ReplayPolicy]

    init(_ policies: [ReplayPolicy]) { self.policies = policies }

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        policies = names.compactMap { ReplayPolicy(name: String($0)) }
        guard policies.count == names.count, !policies.isEmpty else { return nil }
    }

    var defaultValueDescription: String { policies.map(\.name).joined(separator: ",") }
}
