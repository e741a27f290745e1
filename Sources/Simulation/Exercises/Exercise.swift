/// A question of the lesson that this project grew from, answered: with the numbers, the working,
/// and what is right where the lesson is not.
package struct Exercise: Hashable, Sendable {
    /// What to ask for it by, such as `1A`.
    package var name: String
    /// A few words on what it is about.
    package var title: String
    /// The question, in words of our own.
    package var question: String
    /// How the answer comes about, step by step.
    package var working: [String]
    /// The numbers of the answer, which functions of the parameters have computed.
    package var figures: [ExerciseFigure]
    /// Tables of the answer.
    package var tables: [ExerciseTable]
    /// Pictures of the answer.
    package var pictures: [ExercisePicture]
    /// The answer, in a sentence or two.
    package var answer: String
    /// What the lesson has otherwise, and why that is not so.
    package var corrections: [Correction]

    /// An exercise.
    package init(
        name: String, title: String, question: String, working: [String] = [],
        figures: [ExerciseFigure] = [], tables: [ExerciseTable] = [],
        pictures: [ExercisePicture] = [], answer: String,
        corrections: [Correction] = []
    ) {
        self.name = name
        self.title = title
        self.question = question
        self.working = working
        self.figures = figures
        self.tables = tables
        self.pictures = pictures
        self.answer = answer
        self.corrections = corrections
    }

    /// The figure of a name.
    package func figure(_ name: String) -> ExerciseFigure? {
        figures.first { $0.name == name }
    }
}

/// A number of an answer.
package struct ExerciseFigure: Hashable, Sendable {
    /// An exact count, or a quotient.
    package enum Value: Hashable, Sendable {
        /// A count.
        case integer(Int)
        /// A quotient.
        case number(Double)
    }

    /// What holds of the lesson's own number.
    package enum Verdict: String, Hashable, Sendable, Encodable {
        /// It is the same.
        case right
        /// It is rounded or near, by luck or on an assumption that should be said.
        case imprecise
        /// It is another.
        case wrong
    }

    /// What it is called in JSON; the last word is the unit.
    package var name: String
    /// What it is called for a person, with the unit.
    package var title: String
    /// The number.
    package var value: Value
    /// The lesson's number, where it gives one, and what holds of it.
    package var lesson: Lesson?

    /// What the lesson has in a figure's place.
    package struct Lesson: Hashable, Sendable {
        /// Its number.
        package var value: Value
        /// What holds of it.
        package var verdict: Verdict

        /// A number of the lesson.
        package init(_ value: Value, _ verdict: Verdict) {
            self.value = value
            self.verdict = verdict
        }
    }

    /// An exact count.
    package init(_ name: String, _ title: String, _ value: Int, lesson: Lesson? = nil) {
        self.name = name
        self.title = title
        self.value = .integer(value)
        self.lesson = lesson
    }

    /// A quotient.
    package init(_ name: String, _ title: String, _ value: Double, lesson: Lesson? = nil) {
        self.name = name
        self.title = title
        self.value = .number(value)
        self.lesson = lesson
    }
}

/// Rows of numbers; the first column names them.
package struct ExerciseTable: Hashable, Sendable, Encodable {
    /// What it shows.
    package var title: String
    /// The names of its columns, with their units.
    package var columns: [String]
    /// Its rows, as they are read.
    package var rows: [[String]]

    /// A table; every row has a cell a column.
    package init(_ title: String, columns: [String], rows: [[String]]) {
        precondition(
            rows.allSatisfy { $0.count == columns.count }, "a row of \(title) has other columns")
        self.title = title
        self.columns = columns
        self.rows = rows
    }
}

/// Something that the lesson says and that is not so.
package struct Correction: Hashable, Sendable, Encodable {
    /// What it says, in short.
    package var claim: String
    /// What is right.
    package var right: String
    /// Why.
    package var why: String

    /// A correction.
    package init(_ claim: String, right: String, why: String) {
        self.claim = claim
        self.right = right
        self.why = why
    }
}

extension ExerciseFigure.Value: Encodable {
    /// The bare number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let count): try container.encode(count)
        case .number(let quotient): try container.encode(quotient)
        }
    }
}
