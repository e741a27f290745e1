import ArgumentParser
import ModelStore
import Reporting
import Simulation

/// `quire plan exercises`: the lesson's exercises with their answers.
struct PlanExercisesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exercises",
        abstract: "Answer the exercises, cases and tables of the lessons, with the working.",
        discussion: """
            Examples:
              quire plan exercises 1A
              quire plan exercises 3 --format json
              quire plan exercises 6 --report exercise6.html
              quire plan exercises

            Where a lesson's number is wrong, the right one is beside it, and why. Exercise 6 \
            measures allocations on this machine, which takes some seconds.
            """)

    @Argument(
        help: ArgumentHelp(
            "One of \(ExerciseCatalogue.names.joined(separator: ", ")); 1 is 1A and 1B (default: "
                + "all).", valueName: "n"),
        completion: .list(ExerciseCatalogue.names))
    var exercise: String?

    @Option(
        help: ArgumentHelp("Exercise 6: times that an allocation is measured.", valueName: "n"))
    var iterations = 20

    @Option(
        help: ArgumentHelp(
            "Exercise 6: 16-bit elements of a token's key, and of its value.", valueName: "n"))
    var hidden = 128

    @Option(
        help: "What stdout gets: text for a person, json for a program, html: a page with charts.")
    var format: PlanFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        guard (1...10_000).contains(iterations) else {
            throw ValidationError("--iterations is \(iterations); it must be from 1 to 10000.")
        }
        guard (1...8192).contains(hidden) else {
            throw ValidationError("--hidden is \(hidden); it must be from 1 to 8192.")
        }
        if let exercise, !ExerciseCatalogue.has(exercise) {
            // A single letter is near to every short name.
            let near =
                exercise.count < 2
                ? [] : NearNames.suggestions(for: exercise, among: ExerciseCatalogue.names)
            let meant = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", or "))?"
            throw ValidationError(
                "There is no exercise '\(Terminal.plain(exercise))'.\(meant) There are "
                    + "\(ExerciseCatalogue.names.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        var benchmark = AllocationBenchmark()
        benchmark.iterations = iterations
        benchmark.hiddenSize = hidden
        let exercises = try ExerciseCatalogue.exercises(exercise, benchmark: benchmark)
        switch format {
        case .text:
            for (index, exercise) in exercises.enumerated() {
                if index > 0 { print("") }
                for line in ExerciseReport(exercise).lines { print(line) }
            }
        case .json:
            let reports = exercises.map(ExerciseReport.init)
            print(try JSONText.pretty(["exercises": reports]))
        case .html: print(ExercisePage(exercises: exercises).report().html())
        }
        try page.write { ExercisePage(exercises: exercises).report() }
    }
}
