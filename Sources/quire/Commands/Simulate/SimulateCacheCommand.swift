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
            then released from its end.

            quire simulate cache --workload "chat: sessions=500" --capacity 1000,10000
            quire simulate cache --trace trace.jsonl --policy lru,belady --model strict \
            --capacity 10000 --format json
            """)

    @Option(help: "The trace: a request a line, with the ids of its blocks.", completion: .file())
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "Draw prompts instead, as \"chat: sessions=1000, turns=1..8\".", valueName: "spec"))
    var workload: String?

    @Option(help: ArgumentHelp("The seed of what is drawn.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "Which block is given up first: "
                + ReplayPolicy.all.map(\.name).joined(separator: ", ") + " (default: all).",
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
        guard (trace == nil) != (workload == nil) else {
            throw ValidationError("Give --trace FILE, or --workload SPEC to draw prompts.")
        }
        try capacity.check("--capacity", 0...KVCacheLimits.maxBlocks - 1)
    }

    func run() async throws {
        let source = try CacheTrace(trace, workload: workload, seed: seed)
        let rows = capacity.numbers.flatMap { capacity in
            policy.policies.map { policy in
                CacheRow(
                    CacheReplay(source.blocks, policy: policy, capacity: capacity, model: model),
                    policy: policy, capacity: capacity, model: model)
            }
        }
        let result = CacheResult(
            stamp: ResultStamp(
                source.trace, seed: workload == nil ? nil : seed,
                version: Quire.configuration.version, loop: nil),
            source: source.trace.name, rows: rows)
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

/// What `quire simulate cache` replays.
struct CacheTrace {
    let trace: Trace
    let blocks: BlockTrace

    /// The blocks of a file's prompts, or of drawn ones.
    ///
    /// - Throws: when the file cannot be read, is no trace, or has no blocks; the error names it.
    init(_ path: String?, workload: String?, seed: UInt64) throws {
        let bytes = try path.map { try StandardStreams.bytes(file: $0) }
        do {
            trace =
                try bytes.map { try Trace.read($0, name: path ?? "") }
                ?? Workload.draw(workload ?? "", seed: seed)
            blocks = try BlockTrace(trace)
        } catch let error as TraceError {
            throw UnusableTrace(name: path ?? "--workload", reason: "\(error)")
        } catch let error as CacheReplayError {
            throw UnusableTrace(name: path ?? "--workload", reason: "\(error)")
        }
    }
}

/// A trace that cannot be replayed.
struct UnusableTrace: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "\(Terminal.plain(name)): \(Terminal.plain(reason))" }
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
