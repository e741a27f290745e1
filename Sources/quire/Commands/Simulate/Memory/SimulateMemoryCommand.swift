import ArgumentParser
import KVCache
import Reporting
import Simulation

/// `quire simulate memory`.
struct SimulateMemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "See what the KV cache's memory holds under each way to give it out.",
        discussion: """
            All requests wait at the start and run in continuous batches. Shares are of the slots \
            (a slot has room for the keys and values of one token in all layers), averaged over \
            the steps in which somebody waits: tokens; reserved, which a request will use later; \
            internal, which it holds and never will; external, which nobody holds.

            max, pow2, oracle: the longest length, the length rounded up to a power of two, or the \
            exact length reserved in a buddy allocator. pools: chunks of four fixed sizes. \
            first-fit, compaction: the exact length, contiguous, without and with holes closed. \
            realloc, doubling: a contiguous buffer that grows by a token or to twice its size, and \
            is copied. virtual: contiguous addresses, pages mapped on demand. paged: the engine's \
            own block tables.

            Without options this is figure 2 of the vLLM paper (OPT-13B in 12 GiB).

            quire simulate memory
            quire simulate memory --policy max,paged --block-size 1,16,256 --seeds 1
            quire simulate memory --lengths Examples/traces/azure-conversation.csv \\
                --shared-prefix 500 --format json
            """)

    @OptionGroup var source: MemoryRequestOptions

    @Option(help: ArgumentHelp("Slots of the cache.", valueName: "n"))
    var slots = PaperLengths.slots

    @Option(help: ArgumentHelp("Tokens of the longest sequence.", valueName: "n"))
    var maxLength = PaperLengths.longest

    @Option(
        help: ArgumentHelp(
            "Ways to give out memory: \(MemoryPolicy.names.joined(separator: ", ")) "
                + "(default: all).", valueName: "name,..."))
    var policy: String?

    @Option(help: ArgumentHelp("Tokens of a block, for paged.", valueName: "n,..."))
    var blockSize = NumberList([1, 8, 16, 32, 64, 128, 256])

    @Option(
        help: ArgumentHelp(
            "Tokens of a page, for virtual: 2 MiB hold 204 tokens of one of OPT-13B's tensors.",
            valueName: "n"))
    var pageTokens = 204

    @Option(help: ArgumentHelp("Requests that run at once, at most.", valueName: "n"))
    var maxBatch: Int?

    @OptionGroup var sharing: SharingOptions

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format: BenchFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        try blockSize.check("--block-size", 1...max(1, slots))
        try requirePositive(maxBatch, "--max-batch")
        guard (1...max(1, slots)).contains(pageTokens) else {
            throw ValidationError("--page-tokens is \(pageTokens); it is from 1 to the slots.")
        }
        _ = try policies()
    }

    private func policies() throws -> [MemoryPolicy] {
        let names = policy?.split(separator: ",").map(String.init) ?? MemoryPolicy.names
        guard !names.isEmpty else { throw ValidationError("--policy names none.") }
        return try names.flatMap { name in
            let policies = MemoryPolicy.named(
                name, blockSizes: blockSize.numbers, pageTokens: pageTokens)
            guard !policies.isEmpty else {
                throw ValidationError(
                    "'\(Terminal.plain(name))' is no way to give out memory; there are "
                        + MemoryPolicy.names.joined(separator: ", ") + ".")
            }
            return policies
        }
    }

    func run() async throws {
        let simulation = try MemorySimulation(
            capacity: slots, longest: maxLength, mostRunning: maxBatch ?? .max)
        let policies = try policies()
        var uses: [[MemoryUse]] = Array(repeating: [], count: policies.count)
        var histories: [MemoryHistory] = []
        var first: (trace: Trace, requests: [LengthSample], others: Int)?
        for seed in source.allSeeds {
            let trace = try source.draw(seed: seed)
            let (requests, others) = source.fitted(trace, longest: maxLength)
            guard !requests.isEmpty else {
                throw UnusableTrace(
                    name: trace.name,
                    reason: "none of the requests fits in --max-length \(maxLength)")
            }
            for (index, policy) in policies.enumerated() {
                let run = try simulation.run(requests, policy)
                uses[index].append(run.use)
                if first == nil { histories.append(run.history) }
            }
            if first == nil { first = (trace, requests, others) }
        }
        guard let first else { return }
        let rows = zip(policies, uses).map { row($0, $1) }
        let result = MemoryResult(
            stamp: ResultStamp(
                first.trace, seed: source.allSeeds.first,
                version: Quire.configuration.version, loop: .open),
            lengths: first.trace.name, capacity: slots, max_length: maxLength,
            requests: first.requests.count, overlong: first.others, rows: rows,
            max_tokens_by_formula: WithoutSimulation.shareOfMax(
                first.requests, capacity: slots, longest: maxLength),
            sharing: try sharing.rows(first.requests, seed: source.seed, blockSize: sharedBlock),
            prefix: try sharing.prefix(first.requests, blockSize: sharedBlock, simulation))
        try write(result)
        try page.write { MemoryReportPage(result, histories, isPaper: isPaper).report }
    }

    /// The block size that sharing is counted with.
    private var sharedBlock: Int { blockSize.numbers.contains(16) ? 16 : blockSize.numbers[0] }

    private var isPaper: Bool {
        source.isPaper && slots == PaperLengths.slots && maxLength == PaperLengths.longest
    }

    private func row(_ policy: MemoryPolicy, _ uses: [MemoryUse]) -> MemoryRow {
        var row = MemoryRow(policy, uses)
        if isPaper, let paper = PaperLengths.figure(policy) {
            row.paper_tokens = paper.tokens
            row.paper_mean_batch = paper.meanBatch
        }
        return row
    }

    private func write(_ result: MemoryResult) throws {
        switch format {
        case .json: print(try JSONText.line(result))
        case .csv:
            for line in result.csv { print(line) }
            Terminal.note(result.stamp.line)
        case .text:
            let tables = MemoryTables(result, isPaper: isPaper)
            for line in tables.lines { print(line) }
        }
    }
}
