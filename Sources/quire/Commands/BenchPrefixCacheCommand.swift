import ArgumentParser
import FoundationEssentials
import KVCache

struct BenchPrefixCacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prefix-cache",
        abstract: "Replay a trace of prompt blocks against the prefix cache's eviction policies.",
        discussion: """
            The trace has one JSON object a line with the ids of a prompt's blocks: \
            {"hash_ids": [0, 1, 2]}, as the Mooncake traces have. Lines are replayed in order, one \
            after the other and in no time; what requests generate is not inserted. Every block is \
            an access of its own: a hit if it is cached, else inserted, at the expense of what the \
            policy gives up. The policies are those that the engine runs, not models of them.
            """)

    @Option(help: "The trace: JSON objects with hash_ids, one a line.", completion: .file())
    var trace: String

    @Option(
        help: ArgumentHelp(
            "Blocks of the cache, 0 for no bound; may be given more than once.", valueName: "n"))
    var blocks: [Int]

    @Option(
        help: ArgumentHelp(
            "An eviction policy: \(EvictionPolicy.all.map(\.name).joined(separator: ", ")); "
                + "may be given more than once (default: all).", valueName: "name"))
    var policy: [EvictionPolicy] = []

    @OptionGroup var output: OutputOptions

    private struct Row: Encodable {
        let policy: String
        let blocks: Int?
        let lookups: Int
        let hits: Int
        let hit_rate: Double
    }

    func validate() throws {
        for count in blocks where count < 0 || count >= KVCacheLimits.maxBlocks {
            throw ValidationError("--blocks is 0 (no bound) to \(KVCacheLimits.maxBlocks - 1)")
        }
    }

    func run() async throws {
        let prompts = try PromptBlocks.read(trace)
        var rows: [Row] = []
        let policies = policy.isEmpty ? EvictionPolicy.all : policy
        for count in blocks {
            for policy in policies {
                rows.append(replay(prompts, policy, capacity: count == 0 ? nil : count))
                guard count > 0 else { break }  // Without a bound nothing is given up.
            }
        }
        switch output.format {
        case .json:
            for row in rows { print(try JSONText.line(row)) }
        case .text:
            var table = TextTable([
                ("POLICY", .left), ("BLOCKS", .right), ("LOOKUPS", .right), ("HITS", .right),
                ("HIT RATE", .right),
            ])
            for row in rows {
                table.append([
                    row.blocks == nil ? "any" : row.policy,
                    row.blocks.map(Sizes.grouped) ?? "no bound", Sizes.grouped(row.lookups),
                    Sizes.grouped(row.hits), "\((row.hit_rate * 1000).rounded() / 10) %",
                ])
            }
            for line in table.lines { print(line) }
        }
    }

    private func replay(
        _ prompts: [[UInt64]], _ policy: EvictionPolicy, capacity: Int?
    ) -> Row {
        var cache = PrefixCacheReplay(capacity: capacity, policy: policy)
        var lookups = 0
        var hits = 0
        for prompt in prompts {
            for block in prompt {
                lookups += 1
                if cache.access(block) { hits += 1 }
            }
        }
        return Row(
            policy: policy.name, blocks: capacity, lookups: lookups, hits: hits,
            hit_rate: lookups > 0 ? Double(hits) / Double(lookups) : 0)
    }
}

/// The prompts of a trace, each as the ids of its blocks.
enum PromptBlocks {
    private struct Line: Decodable {
        let hash_ids: [UInt64]
    }

    /// Reads a trace; empty lines are passed over.
    ///
    /// - Throws: when the file cannot be read, or `TraceError` with the number of the first line
    ///   that is none.
    static func read(_ path: String) throws -> [[UInt64]] {
        var prompts: [[UInt64]] = []
        let decoder = JSONDecoder()
        var lines = try LineReader(path: path)
        while let line = try lines.nextFilled() {
            do {
                let bytes = Data(line.bytes ?? [])
                prompts.append(try decoder.decode(Line.self, from: bytes).hash_ids)
            } catch {
                throw TraceError(
                    description:
                        "line \(line.number) of \(Terminal.plain(path)) is no JSON object with a "
                        + "list \"hash_ids\" of whole numbers")
            }
        }
        return prompts
    }
}

/// A trace that is none.
struct TraceError: Error, CustomStringConvertible {
    let description: String
}
