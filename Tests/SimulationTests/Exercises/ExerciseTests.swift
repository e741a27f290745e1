import Planning
import Simulation
import Testing

/// What exercise 6 measures in tests: little.
private let quick: AllocationBenchmark = {
    var benchmark = AllocationBenchmark()
    benchmark.lengths = [16, 33]
    benchmark.iterations = 3
    benchmark.hiddenSize = 4
    return benchmark
}()

@Suite struct `Exercises` {
    @Test func `all have a question, an answer, and their numbers once`() throws {
        let all = try ExerciseCatalogue.exercises(nil, benchmark: quick)
        #expect(all.map(\.name) == ExerciseCatalogue.names)
        for exercise in all {
            #expect(!exercise.question.isEmpty && !exercise.answer.isEmpty)
            #expect(!exercise.working.isEmpty)
            #expect(Set(exercise.figures.map(\.name)).count == exercise.figures.count)
            for correction in exercise.corrections {
                #expect(!correction.right.isEmpty && !correction.why.isEmpty)
            }
            let wrong = exercise.figures.contains { $0.lesson?.verdict == .wrong }
            #expect(!wrong || !exercise.corrections.isEmpty, "\(exercise.name) says no why")
        }
    }

    @Test func `are asked for by name, large and small letters alike`() throws {
        #expect(try ExerciseCatalogue.exercises("1").map(\.name) == ["1A", "1B"])
        #expect(try ExerciseCatalogue.exercises("1b").map(\.name) == ["1B"])
        #expect(ExerciseCatalogue.has("LLAMA-13B") && !ExerciseCatalogue.has("7"))
        let error = #expect(throws: PlanningError.self) { try ExerciseCatalogue.exercises("7") }
        #expect(error?.message.contains("1A") == true)
    }

    /// The write-up is ours and of the length that is asked for.
    @Test func `exercise 5 has 200 to 300 words`() throws {
        let exercise = try #require(try ExerciseCatalogue.exercises("5").first)
        let words = exercise.working.joined(separator: " ").split(whereSeparator: \.isWhitespace)
        #expect((200...300).contains(words.count), "\(words.count)")
    }

    @Test func `exercise 6 measures what it says`() throws {
        let rows = quick.run()
        #expect(rows.map(\.length) == [16, 33])
        for row in rows {
            #expect(row.allocate.count == 3 && row.pool.count == 3 && row.grow.count == 1)
            #expect((row.allocate + row.pool + row.grow).allSatisfy { $0 >= 0 })
            #expect(row.blocks == (row.length + 15) / 16)
            #expect(row.tokenCopies == row.length * (row.length - 1) / 2)
        }
        let exercise = try #require(try ExerciseCatalogue.exercises("6", benchmark: quick).first)
        #expect(exercise.tables.first?.rows.map(\.first) == ["16", "33"])
        #expect(exercise.figure("grow_33_token_copies")?.value == .integer(528))
    }

    @Test func `a median is the middle`() {
        let median = AllocationBenchmark.Row.median
        #expect(median([1]) == 1)
        #expect(median([3, 1, 2]) == 2)
        #expect(median([4, 1, 2, 3]) == 2.5)
        #expect(median([]) == 0)
    }
}
