import Planning

/// The exercises, cases and tables of the lessons, in their order.
package enum ExerciseCatalogue {
    /// What there is to ask for.
    package static let names = [
        "formulas", "factors", "breakdown", "utilization", "timeline", "batch-of-8", "llama-13b",
        "throughput",
        "cost", "1A", "1B", "2", "3", "4", "5", "6", "claims",
    ]

    /// The exercises that a word means, `1` both parts of the first; nil: all of them.
    ///
    /// - Parameter benchmark: what exercise 6 measures.
    /// - Throws: `PlanningError` for a word that means none.
    package static func exercises(
        _ word: String?, benchmark: AllocationBenchmark = AllocationBenchmark()
    ) throws -> [Exercise] {
        guard let word else { return try names.map { try exercise($0, benchmark) } }
        let meant = names(meantBy: word)
        guard !meant.isEmpty else {
            throw PlanningError(
                "there is no exercise \(word); there are \(names.joined(separator: ", "))")
        }
        return try meant.map { try exercise($0, benchmark) }
    }

    /// Whether a word means an exercise.
    package static func has(_ word: String) -> Bool { !names(meantBy: word).isEmpty }

    private static func names(meantBy word: String) -> [String] {
        let wanted = word.lowercased()
        return wanted == "1" ? ["1A", "1B"] : names.filter { $0.lowercased() == wanted }
    }

    private static func exercise(
        _ name: String, _ benchmark: AllocationBenchmark
    ) throws -> Exercise {
        switch name {
        case "formulas": Formulas.formulas()
        case "factors": Factors.factors()
        case "breakdown": BreakdownCase.breakdown()
        case "utilization": Utilization.utilization()
        case "timeline": StaticBatching.timeline()
        case "batch-of-8": StaticBatching.eight()
        case "llama-13b": ServingCase.memory()
        case "throughput": ServingCase.throughput()
        case "cost": CostCase.cost()
        case "1A": ModelMemory.exercise1A()
        case "1B": ModelMemory.exercise1B()
        case "2": Utilization.exercise2()
        case "3": StaticBatching.exercise3()
        case "4": try CodeAnalysis.exercise4()
        case "5": WriteUp.exercise5()
        case "6": AllocationExercise.exercise6(benchmark)
        case "claims": Claims.claims()
        default: preconditionFailure("\(name) is in the list and has no exercise")
        }
    }
}
