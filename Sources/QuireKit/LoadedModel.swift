import KVCache
package import ModelFiles
package import ModelStore
public import QuireModels
import Scheduling
import Tensors
public import Tokenization

/// A model that is open and ready to be given to an engine: weights, tokenizer, and the layout of
/// its KV cache.
///
/// ```swift
/// let model = try LoadedModel.open("gemma-3-270m")
/// for warning in model.warnings { print(warning) }
/// let llm = try LLM(model)
/// ```
///
/// A value that may be used from any number of threads; engines made of it share the weights.
public struct LoadedModel: Sendable {
    /// The tokens and texts of the model.
    public let tokenizer: Tokenizer

    /// What a person may want to know about the opening.
    public let warnings: [LoadWarning]

    /// The memory that an engine of it takes, as it was computed before anything was loaded.
    public let memory: MemoryBudget

    /// Tokens of the longest prompt and answer together.
    public var contextLength: Int { layout.maxModelLength }

    /// Seconds that the opening took.
    public let loadSeconds: Double

    /// The options that it was opened with.
    public let options: ModelOptions

    /// The path of its file or folder; of a split model, of the first part.
    public let path: String

    /// Bytes of its file; of a split model, of all its parts.
    package let fileBytes: Int

    /// What its file's header says of it.
    package let summary: ModelSummary

    /// The sources of the chat templates in its file, by name; the one without a name is `default`.
    package let chatTemplates: [String: String]

    /// The weights.
    package let model: CPUModel

    /// The layout and size of the KV cache.
    package let layout: CacheLayout

    /// Opens a model.
    ///
    /// - Parameters:
    ///   - name: an installed model, or the path of a file or of a folder of safetensors; nothing
    ///     is downloaded.
    ///   - options: how it is put on this machine.
    /// - Throws: `LoadError`; `insufficientMemory` before anything but the file's header was read.
    /// - Complexity: O(bytes of the weights) where they are packed; otherwise O(header).
    public static func open(
        _ name: String, _ options: ModelOptions = ModelOptions()
    ) throws(LoadError) -> LoadedModel {
        let clock = ContinuousClock()
        let start = clock.now
        try options.check()
        return try LoadError.mapping {
            let file = try ModelFile.open(try ModelLocation.path(of: name))
            return try LoadedModel(file, options) { (clock.now - start) / .seconds(1) }
        }
    }

    /// Opens a model whose files' headers were read already.
    package static func open(
        _ file: any ModelDescription, _ options: ModelOptions
    ) throws(LoadError) -> LoadedModel {
        let clock = ContinuousClock()
        let start = clock.now
        try options.check()
        return try LoadError.mapping {
            try LoadedModel(file, options) { (clock.now - start) / .seconds(1) }
        }
    }

    /// What an engine of this model is made of; the file of the prefix cache is opened.
    func parts() -> EngineParts { EngineParts(self, hostSlots: hostSlots) }

    private let hostSlots: Int

    init(
        _ file: any ModelDescription, _ options: ModelOptions, seconds: () -> Double
    ) throws {
        let machine = MachineInfo.current()
        let file = options.rounding(file)
        // The matrices as they lie in the file: their shapes tell the sum, and nothing is read.
        file.readsHereAndThere(true)
        let outline = try CPUModel(
            file, form: .outline, ignoringUnread: options.ignoresUnread)
        var sum = MemoryPlanner(outline, file: file, options: options)
        layout = try sum.planLeavingExperts(available: machine.availableMemory)
        memory = sum.budget(layout)
        file.readsHereAndThere(sum.form == .expertsInFile)
        hostSlots = sum.hostSlots(layout)
        tokenizer = try Tokenizer(file)
        var warnings = tokenizer.warnings.map { LoadWarning(.tokenizer, $0) }
        warnings += file.warnings.map { LoadWarning(.unread, $0) }
        warnings += outline.warnings.map { LoadWarning(.unread, $0) }
        warnings += Self.warnings(options, machine, outline) + sum.warnings
        let (model, news) = try Self.weights(file, sum.form, options)
        self.model = model
        self.warnings = warnings + news
        self.options = options
        path = file.path
        fileBytes = file.byteCount
        summary = ModelSummary(file)
        chatTemplates = try file.chatTemplates()
        loadSeconds = seconds()
    }

    private static let needless = LoadWarning(
        .packedWeights, "Packed weights need no file here: the model's file is read as it is.",
        isFault: false)

    /// What the options ask for beyond what machine and model are made for.
    static func warnings(
        _ options: ModelOptions, _ machine: MachineInfo, _ model: CPUModel
    ) -> [LoadWarning] {
        var found: [LoadWarning] = []
        let cores = machine.usableCores
        if let threads = options.threads, threads > cores {
            found.append(
                LoadWarning(
                    .threads,
                    "\(threads) threads on \(cores) usable cores wait for each other; \(cores) "
                        + "threads are faster"))
        }
        let trained = model.configuration.contextLength
        if let context = options.context, context > trained {
            found.append(
                LoadWarning(
                    .context,
                    "the model was trained on contexts of \(trained) tokens; beyond them it may "
                        + "write nonsense"))
        }
        return found
    }

    /// The weights in the form that steps want, and what became of the file that keeps them packed.
    private static func weights(
        _ file: any ModelDescription, _ form: CPUModel.WeightForm, _ options: ModelOptions
    ) throws -> (CPUModel, [LoadWarning]) {
        guard form != .file else {
            let model = try CPUModel(
                file, form: .file, threads: options.threads,
                ignoringUnread: options.ignoresUnread)
            return (model, options.keepsPackedWeights ? [Self.needless] : [])
        }
        var cache: String?
        var news: [LoadWarning] = []
        if options.keepsPackedWeights {
            do throws(ModelStoreError) {
                cache = try ModelStore().packedFile(of: file.path)
            } catch {
                news.append(
                    LoadWarning(.packedWeights, "no file of packed weights: \(error.message)"))
            }
        }
        let model = try CPUModel(
            file, form: form, threads: options.threads, repackCache: cache,
            ignoringUnread: options.ignoresUnread)
        guard let cache else { return (model, news) }
        func note(_ message: String, isFault: Bool = false) {
            news.append(LoadWarning(.packedWeights, message, isFault: isFault))
        }
        switch model.repackCache {
        case .mapped: break
        case .written(let fault):
            if let fault { note("\(cache) \(fault): it is written again") }
            note("Packed weights are kept in \(cache).")
        case .failed(let reason): note("no file of packed weights: \(reason)", isFault: true)
        case .needless, nil: news.append(Self.needless)
        }
        return (model, news)
    }
}
