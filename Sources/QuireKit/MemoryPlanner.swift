import KVCache
import ModelFiles
import QuireModels
import Tokenization

/// Computes what a model takes before it is loaded, and how large its KV cache may be.
///
/// The sum is the same one that `quire inspect --plan` prints and that loading obeys.
struct MemoryPlanner {
    private let model: CPUModel
    private let options: ModelOptions
    private let tokenizerBytes: Int
    /// The form that steps want the weights in.
    private(set) var form: CPUModel.WeightForm

    /// - Parameters:
    ///   - model: its outline, in the form of its file.
    ///   - file: for the size of the vocabulary.
    ///   - options: how it is put on this machine.
    init(_ model: CPUModel, file: any ModelDescription, options: ModelOptions) {
        self.model = model
        self.options = options
        tokenizerBytes = Tokenizer.byteCount(of: file)
        // Float activations meet the weights as the file has them.
        form = options.activations == .int8 ? .packed : .file
        if options.experts == .file { leaveExperts() }
    }

    /// Plans a KV cache, and leaves experts in the file where nothing else makes room for it.
    ///
    /// - Parameter available: bytes that are free; what the process has by now is not among them.
    /// - Throws: `LoadError.insufficientMemory` with the sum and the settings that would fit.
    mutating func planLeavingExperts(available: Int) throws -> CacheLayout {
        do {
            return try plan(available: available)
        } catch {
            guard options.experts == .automatic, leaveExperts() else { throw error }
            return try plan(available: available)
        }
    }

    /// Plans without the experts' weights in memory; false where there are none that could stay in
    /// the file.
    @discardableResult
    private mutating func leaveExperts() -> Bool {
        guard form == .packed, model.expertBytes > 0 else { return false }
        form = .expertsInFile
        return true
    }

    /// What a person should know of experts that stay in the file.
    var warnings: [LoadWarning] {
        guard form == .expertsInFile else { return [] }
        return [
            LoadWarning(
                .experts,
                "the experts, \(describe(model.expertBytes)), stay in the file: a token reads "
                    + "\(describe(model.expertBytesPerToken)) of them, from the disk where memory "
                    + "has no room for them", isFault: options.experts != .file)
        ]
    }

    /// The sum with a KV cache.
    func budget(_ layout: CacheLayout) -> MemoryBudget {
        var budget = MemoryBudget(
            model: model, form: form, layout: layout,
            hostSlots: hostSlots(layout), threads: options.threads,
            maxStepTokens: options.stepTokens, maxStepOutputs: options.stepOutputs)
        budget.tokenizer = tokenizerBytes
        budget.process = LoadLimits.processBytes
        return budget
    }

    /// Pages of the host tier: what was asked for, or what fetching from a file passes through.
    func hostSlots(_ layout: CacheLayout) -> Int {
        let pageBytes = ArenaLayout(layout).pageStride
        let wanted = options.hostCacheBytes.map { $0 / pageBytes }
        guard options.prefixCacheFile != nil else { return clamp(wanted ?? 0) }
        let fetching = min(
            max(LoadLimits.fetchingBytes / pageBytes, LoadLimits.fetchingSlots.lowerBound),
            LoadLimits.fetchingSlots.upperBound)
        return clamp(max(wanted ?? fetching, 1))
    }

    private func clamp(_ slots: Int) -> Int { min(slots, KVCacheLimits.maxBlocks - 1) }

    /// The largest KV cache that is of use within the memory.
    ///
    /// - Parameter available: bytes that are free; what the process has by now is not among them.
    /// - Throws: `LoadError.insufficientMemory` with the sum and the settings that would fit.
    func plan(available: Int) throws -> CacheLayout {
        let trained = model.configuration.contextLength
        var planner = KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: options.kvDType,
            blockSize: options.blockSize,
            maxModelLength: options.context ?? min(trained, KVCacheLimits.maxModelLength),
            maxChunk: options.chunk)
        let empty = try emptyLayout(of: planner)
        // What a block takes beside its keys and values is part of its price; the null block has
        // its page too.
        let price = ArenaLayout(empty).pageStride + MemoryBudget.blockBytes
        let room = available - beside(empty) - price
        guard room > 0 else { throw shortage(budget(empty), available, context: nil) }
        let everything = room / price * empty.pageBytes
        let share = Int(Double(room) * options.memoryFraction) / price * empty.pageBytes
        if options.context == nil {
            let length = max(
                try planner.maximumLength(budget: share),
                min(
                    try planner.maximumLength(budget: everything), LoadLimits.leastContext))
            guard length > 0 else { throw shortage(budget(empty), available, context: nil) }
            planner.maxModelLength = length
        }
        let one = try planner.plan(sequences: 1)
        guard one.residentBytes <= everything else {
            let fits = try planner.maximumLength(budget: everything)
            throw shortage(budget(one), available, context: fits)
        }
        if let bytes = options.kvBytes {
            guard bytes <= everything else {
                throw shortage(budget(try planner.plan(budget: bytes)), available, context: nil)
            }
            return try planner.plan(budget: bytes)
        }
        let all = try planner.plan(sequences: options.batch)
        let most = max(share, one.residentBytes)
        return all.residentBytes <= most ? all : try planner.plan(budget: most)
    }

    /// A cache of one token, for the size of its pages.
    private func emptyLayout(of planner: KVPlanner) throws -> CacheLayout {
        var tiny = planner
        tiny.maxModelLength = 1
        return try tiny.plan(sequences: 1)
    }

    /// Bytes still to be allocated besides the KV cache.
    private func beside(_ layout: CacheLayout) -> Int {
        let budget = budget(layout)
        return budget.total - budget.process - budget.keyValues - budget.bookkeeping
    }

    private func shortage(_ budget: MemoryBudget, _ available: Int, context: Int?) -> LoadError {
        var remedies: [String] = []
        if let context, context > 0 { remedies.append("a context of at most \(context) tokens") }
        if context != nil, options.kvDType != .int8 { remedies.append("int8 keys and values") }
        if options.batch > 1 { remedies.append("fewer requests at once") }
        if options.hostCacheBytes != nil { remedies.append("a smaller host cache") }
        if form == .packed, model.expertBytes > 0 {
            remedies.append("experts that stay in the file")
        }
        remedies.append("a file with fewer bits a weight")
        let needed = budget.total - budget.process
        return LoadError(
            .insufficientMemory,
            "the model needs \(describe(needed)) (\(parts(budget))) and \(describe(available)) "
                + "are free; choose \(remedies.joined(separator: ", or "))")
    }

    private func parts(_ budget: MemoryBudget) -> String {
        let rows = [
            ("weights", budget.weights), ("keys and values", budget.keyValues + budget.bookkeeping),
            ("host cache", budget.hostKeyValues),
            ("activations and logits", budget.activations + budget.logits),
            ("tokenizer", budget.tokenizer),
        ]
        return rows.filter { $0.1 > 0 }.map { "\($0.0) \(describe($0.1))" }
            .joined(separator: ", ")
    }

    private func describe(_ bytes: Int) -> String {
        let tenthsOfMegabytes = (max(0, bytes) + 99_999) / 100_000
        let (tenths, unit) =
            tenthsOfMegabytes < 10_000
            ? (tenthsOfMegabytes, "MB") : ((tenthsOfMegabytes + 500) / 1_000, "GB")
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
