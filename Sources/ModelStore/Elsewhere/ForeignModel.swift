/// A model that another program keeps on this machine. It is read where it lies and never changed.
package struct ForeignModel: Hashable, Sendable {
    /// The programs whose models are looked for.
    package enum Keeper: String, CaseIterable, Sendable {
        case ollama
        case lmStudio = "lmstudio"
        case llamaCpp = "llama.cpp"
        case hub

        /// What people call it.
        package var title: String {
            switch self {
            case .ollama: "Ollama"
            case .lmStudio: "LM Studio"
            case .llamaCpp: "llama.cpp"
            case .hub: "Hugging Face hub"
            }
        }
    }

    /// The program that keeps it.
    package let keeper: Keeper
    /// Every name that means it, the one that is shown where nothing else has it first.
    package let names: [String]
    /// The file to open; of a split model the first one.
    package let path: String
    /// Bytes of all its files.
    package let byteCount: Int

    /// - Parameters:
    ///   - short: its name among its keeper's models; several may have it.
    ///   - others: longer ones, of which the last is its alone.
    init(_ keeper: Keeper, short: String, others: [String], path: String, byteCount: Int) {
        self.keeper = keeper
        names = [short] + ([short] + others).map { "\(keeper.rawValue):\($0)" } + others
        self.path = path
        self.byteCount = byteCount
    }
}

/// What a look at the folders of other programs found.
package struct ForeignModels: Sendable {
    /// The models, by program and name.
    package internal(set) var models: [ForeignModel] = []
    /// What was passed over, and why.
    package internal(set) var skipped: [String] = []

    /// What each is called among all the models of this machine: the shortest of its names that no
    /// other one has.
    ///
    /// - Parameter taken: names of the store, which come first.
    package func namedApart(from taken: Set<String>) -> [(name: String, model: ForeignModel)] {
        var counts: [String: Int] = [:]
        for name in models.flatMap(\.names) { counts[name, default: 0] += 1 }
        return models.map { model in
            let name = model.names.first { counts[$0] == 1 && !taken.contains($0) }
            return (name ?? model.path, model)
        }
    }

    mutating func skip(_ path: String, _ reason: String) {
        guard skipped.count < ModelStoreLimits.foreignNotes else { return }
        skipped.append(ForeignText.message("\(path) is passed over: \(reason)"))
    }
}
