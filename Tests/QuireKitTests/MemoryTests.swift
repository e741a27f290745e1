import GoldenModels
import KVCache
import ModelFiles
import QuireModels
import Testing

@testable import QuireKit

/// The sum is known before anything is loaded, and it decides.
struct MemoryTests {
    private func planner(_ change: (inout ModelOptions) -> Void = { _ in }) throws -> MemoryPlanner
    {
        var options = ModelOptions()
        options.batch = 4
        options.threads = 1
        change(&options)
        let file = try GGUFFile.open(try ModelLocation.demoPath())
        return MemoryPlanner(try CPUModel(file, form: .file), file: file, options: options)
    }

    @Test(arguments: KVDType.allCases)
    func `what the sum says fits is planned, and what it says does not is refused`(
        dtype: KVDType
    ) throws {
        for context in [64, 300, 512] {
            let planner = try planner {
                $0.context = context
                $0.kvDType = dtype
            }
            // The least memory with which a plan is made, found by halving.
            var (refused, planned) = (0, 1 << 30)
            while planned - refused > 1 {
                let middle = (refused + planned) / 2
                if (try? planner.plan(available: middle)) == nil {
                    refused = middle
                } else {
                    planned = middle
                }
            }
            let layout = try planner.plan(available: planned)
            let budget = planner.budget(layout)
            #expect(layout.maxModelLength == context)
            #expect(budget.total - budget.process <= planned)
            // Nothing that would have fitted was refused, but for the page of the null block.
            let slack = ArenaLayout(layout).pageStride + MemoryBudget.blockBytes
            #expect(budget.total - budget.process > planned - slack)
            let error = try #require(throws: LoadError.self) {
                try planner.plan(available: refused)
            }
            #expect(error.code == .insufficientMemory)
        }
    }

    @Test func `a context that is not asked for is what the memory holds`() throws {
        let planner = try planner()
        let all = try planner.plan(available: 8 << 30)
        #expect(all.maxModelLength == 512)
        #expect(all.capacity == 4 * all.peakBlocks(tokens: 512, chunk: all.maxChunk))
        let budget = planner.budget(all)
        let beside = budget.total - budget.process - budget.keyValues - budget.bookkeeping
        let tight = try planner.plan(available: beside + 100 * ArenaLayout(all).pageStride)
        #expect(tight.maxModelLength <= 512)
        #expect(ArenaLayout(tight).arenaBytes <= 100 * ArenaLayout(all).pageStride)
    }

    @Test func `a refusal says the sum, what is free and what would fit`() throws {
        let planner = try planner { $0.context = 512 }
        let layout = try planner.plan(available: 8 << 30)
        let budget = planner.budget(layout)
        let beside = budget.total - budget.process - budget.keyValues - budget.bookkeeping
        let error = try #require(throws: LoadError.self) {
            try planner.plan(available: beside + 10 * ArenaLayout(layout).pageStride)
        }
        for part in ["weights", "keys and values", "tokenizer", "are free", "a context of at most"]
        {
            #expect(error.message.contains(part), "\(error.message)")
        }
    }

    @Test func `the sum of weights is what loading makes of them`() throws {
        let file = try GGUFFile.open(try ModelLocation.demoPath())
        let outline = try CPUModel(file, form: .file)
        #expect(outline.residentBytes(in: .file) == outline.residentBytes)
        #expect(outline.residentBytes(in: .packed) == (try CPUModel(file)).residentBytes)
    }

    @Test func `experts that do not fit stay in the file`() throws {
        let file = try GGUFFile(bytes: GoldenModel("qwen3moe").gguf())
        let model = try CPUModel(file, form: .file)
        func planner(_ experts: ExpertPlacement) -> MemoryPlanner {
            var options = ModelOptions()
            options.batch = 1
            options.threads = 1
            options.context = 64
            options.experts = experts
            return MemoryPlanner(model, file: file, options: options)
        }
        let (memory, left) = (planner(.memory), planner(.file))
        var automatic = planner(.automatic)
        let layout = try memory.plan(available: 1 << 30)
        func need(_ planner: MemoryPlanner) -> Int {
            let budget = planner.budget(layout)
            return budget.total - budget.process
        }
        #expect(need(memory) - need(left) > model.expertBytes / 2)
        #expect(memory.warnings.isEmpty)
        #expect(left.warnings.count == 1 && !left.warnings[0].isFault)
        // With all the memory that is wanted, and with too little of it.
        _ = try automatic.planLeavingExperts(available: need(memory) + (1 << 20))
        #expect(automatic.form == .packed)
        let tight = (need(memory) + need(left)) / 2
        _ = try automatic.planLeavingExperts(available: tight)
        #expect(automatic.form == .expertsInFile)
        #expect(automatic.budget(layout).expertsInFile == model.expertBytes)
        #expect(automatic.warnings.count == 1 && automatic.warnings[0].isFault)
        #expect(throws: LoadError.self) { try memory.plan(available: tight) }
    }
}
