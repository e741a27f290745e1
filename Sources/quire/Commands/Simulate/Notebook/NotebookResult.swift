import Simulation

/// What a function of the notebook returned.
enum NotebookResult {
    case traditional(TraditionalStatistics)
    case paged(PagedStatistics)
    /// By counts of sequences.
    case comparison([Int], [TraditionalStatistics], [PagedStatistics])
    /// By page sizes.
    case pageSizes([Int], [PagedStatistics])
    /// By memories; traditional first.
    case concurrent([Int], [(traditional: Int, paged: Int)])
    /// What each line returned, and what is held at the end.
    case simulator([(line: String, returned: Bool)], PagedStatistics)
    /// The results that the notebook draws.
    indirect case plots([NotebookResult])

    /// Calls a function.
    ///
    /// - Parameter lines: what drives the class.
    init(
        _ function: NotebookFunction, _ arguments: NotebookArguments, seed: UInt32,
        mode: NotebookMode, lines: [(text: String, line: SimulatorLine)] = []
    ) throws {
        var notebook = Notebook(seed: seed, mode: mode)
        let page = arguments.number("page_size")
        switch function {
        case .traditional:
            self = .traditional(notebook.simulateTraditionalKVCache(arguments.shape()))
        case .paged:
            self = .paged(notebook.simulatePagedAttention(arguments.shape(), pageSize: page))
        case .compare:
            let counts = arguments.list("num_sequences_list")
            let (traditional, paged) = notebook.compareMemoryEfficiency(
                counts: counts, maxLength: arguments.number("max_seq_length"),
                hiddenDim: arguments.number("hidden_dim"), pageSize: page)
            self = .comparison(counts, traditional, paged)
        case .pageSizes:
            let sizes = arguments.list("page_sizes")
            self = .pageSizes(
                sizes, notebook.analyzePageSizeImpact(pageSizes: sizes, arguments.shape()))
        case .concurrent:
            let memories = arguments.list("max_memory")
            self = .concurrent(
                memories,
                memories.map {
                    notebook.simulateConcurrentRequests(
                        maxMemory: $0, maxLength: arguments.number("max_seq_length"),
                        hiddenDim: arguments.number("hidden_dim"), pageSize: page)
                })
        case .simulator:
            var simulator = PagedAttentionSimulator(
                pageSize: page, pages: arguments.number("num_pages"),
                hiddenDim: arguments.number("hidden_dim"), mode: mode)
            let returned = lines.map { ($0.text, simulator.call($0.line)) }
            self = .simulator(returned, simulator.statistics)
        case .plots:
            self = .plots(
                try [NotebookFunction.compare, .pageSizes, .concurrent].map {
                    try NotebookResult(
                        $0, try NotebookArguments($0, []), seed: seed, mode: mode)
                })
        }
    }
}

extension NotebookResult: Encodable {
    private struct Driven: Encodable {
        let returned: [Bool]
        let statistics: PagedStatistics

        private enum CodingKeys: String, CodingKey {
            case returned
        }

        func encode(to encoder: any Encoder) throws {
            try statistics.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(returned, forKey: .returned)
        }
    }

    /// Writes what Python's `json` would of the value: a dictionary is an object with its own keys,
    /// lists and tuples are arrays. Of the class it writes its statistics, and under `returned`
    /// what each line returned.
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .traditional(let statistics): try statistics.encode(to: encoder)
        case .paged(let statistics): try statistics.encode(to: encoder)
        case .comparison(_, let traditional, let paged):
            var array = encoder.unkeyedContainer()
            try array.encode(traditional)
            try array.encode(paged)
        case .pageSizes(_, let statistics): try statistics.encode(to: encoder)
        case .concurrent(_, let pairs):
            let arrays = pairs.map { [$0.traditional, $0.paged] }
            if arrays.count == 1 {
                try arrays[0].encode(to: encoder)
            } else {
                try arrays.encode(to: encoder)
            }
        case .simulator(let lines, let statistics):
            try Driven(returned: lines.map(\.returned), statistics: statistics)
                .encode(to: encoder)
        case .plots(let results): try results.encode(to: encoder)
        }
    }
}
