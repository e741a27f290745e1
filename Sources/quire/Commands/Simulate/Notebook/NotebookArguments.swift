import ArgumentParser
import Simulation

/// A function of the notebook, by its own name.
enum NotebookFunction: String, CaseIterable {
    case traditional = "simulate_traditional_kv_cache"
    case paged = "simulate_paged_attention"
    case compare = "compare_memory_efficiency"
    case pageSizes = "analyze_page_size_impact"
    case concurrent = "simulate_concurrent_requests"
    case simulator = "PagedAttentionSimulator"
    /// Not a function: the notebook's cells that draw.
    case plots

    /// Its arguments in their order, each with what the notebook's cells give it.
    var arguments: [(name: String, standard: [Int])] {
        let shape = [("num_sequences", [100]), ("max_seq_length", [1024]), ("hidden_dim", [64])]
        let page = [("page_size", [16])]
        switch self {
        case .traditional: return shape
        case .paged: return shape + page
        case .compare:
            return [("num_sequences_list", [10, 20, 50, 100, 200])] + shape.dropFirst() + page
        case .pageSizes: return [("page_sizes", [4, 8, 16, 32, 64, 128])] + shape
        case .concurrent:
            let memories = [1, 2, 5, 10, 20, 50].map { $0 * 1_000_000 }
            return [("max_memory", memories)] + shape.dropFirst() + page
        case .simulator: return page + [("num_pages", [1024]), ("hidden_dim", [64])]
        case .plots: return []
        }
    }

    /// As a call: `simulate_paged_attention(num_sequences, ..., page_size)`.
    var signature: String {
        rawValue + "(" + arguments.map(\.name).joined(separator: ", ") + ")"
    }
}

/// The arguments of a call: by their places, or as `name=value`, as in Python.
struct NotebookArguments {
    private var values: [String: [Int]] = [:]

    /// - Throws: `ValidationError` that names the argument.
    init(_ function: NotebookFunction, _ words: [String]) throws {
        let arguments = function.arguments
        for argument in arguments { values[argument.name] = argument.standard }
        for (place, word) in words.enumerated() {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name: String
            if sides.count == 2 {
                guard arguments.contains(where: { $0.name == sides[0] }) else {
                    throw ValidationError(
                        "'\(Terminal.plain(sides[0]))' is no argument of \(function.signature).")
                }
                name = sides[0]
            } else {
                guard place < arguments.count else {
                    throw ValidationError(
                        "\(function.signature) takes \(arguments.count) arguments.")
                }
                name = arguments[place].name
            }
            values[name] = try Self.numbers(sides.last ?? "", name)
        }
        try check(function)
    }

    /// A number, or several with commas between them; brackets around them do no harm.
    private static func numbers(_ word: String, _ name: String) throws -> [Int] {
        let list = word.filter { !"[]() ".contains($0) }
        let numbers = list.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let digits = part.filter { $0 != "_" }
            // 1e6 is how the notebook writes a memory.
            let number = Double(digits)
            return Int(digits) ?? number.flatMap { Int(exactly: $0) }
        }
        guard !numbers.contains(nil), numbers.count <= SimulationLimits.notebookList else {
            throw ValidationError(
                "\(name) is '\(Terminal.plain(word))'; it is a whole number, or at most "
                    + "\(SimulationLimits.notebookList) with commas between them.")
        }
        return numbers.compactMap { $0 }
    }

    private func check(_ function: NotebookFunction) throws {
        let lists: Set = ["num_sequences_list", "page_sizes", "max_memory"]
        for (name, _) in function.arguments {
            let range = Self.range(name)
            let numbers = list(name)
            for number in numbers where !range.contains(number) {
                throw ValidationError(
                    "\(name) is \(number); it is from \(range.lowerBound) to "
                        + "\(range.upperBound).")
            }
            guard numbers.count == 1 || lists.contains(name) else {
                throw ValidationError("\(name) is one number.")
            }
        }
        if function == .simulator { try checkPool() }
        guard function != .simulator, let length = values["max_seq_length"]?.first else { return }
        let counts = list("num_sequences") + list("num_sequences_list")
        for count in counts {
            let shape = NotebookShape(
                sequences: count, maxLength: length, hiddenDim: number("hidden_dim"))
            for size in list("page_size") + list("page_sizes")
            where shape.pages(of: size) > SimulationLimits.notebookPages {
                throw ValidationError(
                    "\(count) sequences of \(length) in pages of \(size) take "
                        + "\(shape.pages(of: size)) pages; at most "
                        + "\(SimulationLimits.notebookPages) are simulated.")
            }
        }
    }

    /// Refuses a pool whose elements cannot be counted.
    private func checkPool() throws {
        // A page of a token's elements is 2^42 at most.
        let page = number("page_size") * number("hidden_dim")
        guard number("num_pages") <= SimulationLimits.notebookElements / page else {
            throw ValidationError(
                "\(number("num_pages")) pages of \(page) elements are more than "
                    + "\(SimulationLimits.notebookElements); ask for fewer.")
        }
    }

    private static func range(_ name: String) -> ClosedRange<Int> {
        switch name {
        case "num_sequences", "num_sequences_list": 0...SimulationLimits.notebookSequences
        case "max_seq_length": NotebookShape.shortest...SimulationLimits.notebookLength
        case "hidden_dim": 1...SimulationLimits.notebookHiddenDim
        case "num_pages": 0...SimulationLimits.notebookPages
        case "max_memory": 0...1 << 53
        default: 1...SimulationLimits.notebookLength
        }
    }

    /// All numbers of an argument; none where the function has no such argument.
    func list(_ name: String) -> [Int] { values[name] ?? [] }

    /// The number of an argument that is one.
    func number(_ name: String) -> Int { values[name]?.first ?? 0 }

    /// Names and values in the order of the function, for a report.
    func described(_ function: NotebookFunction) -> [(String, String)] {
        function.arguments.map { argument in
            (argument.name, list(argument.name).map(String.init).joined(separator: ","))
        }
    }

    /// The shape of a simulation of `sequences` sequences.
    func shape(sequences: Int? = nil) -> NotebookShape {
        NotebookShape(
            sequences: sequences ?? number("num_sequences"), maxLength: number("max_seq_length"),
            hiddenDim: number("hidden_dim"))
    }
}
