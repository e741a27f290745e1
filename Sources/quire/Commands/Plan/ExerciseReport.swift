import Simulation

/// An exercise as `quire plan exercises` writes it.
struct ExerciseReport: Encodable {
    private struct LessonNumber: Encodable {
        let value: ExerciseFigure.Value
        let verdict: ExerciseFigure.Verdict
    }

    private let exercise: String
    private let title: String
    private let question: String
    private let working: [String]
    private let figures: [String: ExerciseFigure.Value]
    /// The lesson's own numbers, by the names of the figures.
    private let lesson: [String: LessonNumber]
    private let tables: [ExerciseTable]
    private let answer: String
    private let corrections: [Correction]
    private let isNumbered: Bool
    /// The figures in their order, for a person.
    private let list: [ExerciseFigure]

    private enum CodingKeys: String, CodingKey {
        case exercise, title, question, working, figures, lesson, tables, answer, corrections
    }

    init(_ exercise: Exercise) {
        self.exercise = exercise.name
        isNumbered = exercise.isNumbered
        title = exercise.title
        question = exercise.question
        working = exercise.working
        var figures: [String: ExerciseFigure.Value] = [:]
        var lesson: [String: LessonNumber] = [:]
        for figure in exercise.figures {
            figures[figure.name] = figure.value
            lesson[figure.name] = figure.lesson.map {
                LessonNumber(value: $0.value, verdict: $0.verdict)
            }
        }
        self.figures = figures
        self.lesson = lesson
        tables = exercise.tables
        answer = exercise.answer
        corrections = exercise.corrections
        list = exercise.figures
    }

    /// The exercise for a person.
    var lines: [String] {
        let head = (isNumbered ? "Exercise " : "") + "\(exercise): \(title)"
        var lines = [head, String(repeating: "=", count: head.count)]
        lines += Self.wrapped(question) + [""]
        for step in working { lines += Self.wrapped(step, first: "  - ", rest: "    ") }
        for table in tables { lines += ["", table.title] + Self.lines(of: table) }
        let compared = list.filter { $0.lesson != nil }
        if !compared.isEmpty { lines += [""] + Self.comparison(compared) }
        lines += [""] + Self.wrapped("Answer: " + answer)
        for correction in corrections {
            lines += [""] + Self.wrapped("Not so: \(correction.claim).")
            lines += Self.wrapped("Rather: \(correction.right) \(correction.why)")
        }
        return lines
    }

    private static func lines(of table: ExerciseTable) -> [String] {
        var text = TextTable(
            table.columns.enumerated().map { index, name in
                (name, table.isWords(index) ? .left : .right)
            })
        for row in table.rows { text.append(row) }
        return text.lines.map { "  " + $0 }
    }

    private static func comparison(_ figures: [ExerciseFigure]) -> [String] {
        var table = TextTable([
            ("NUMBER", .left), ("IS", .right), ("LESSON", .right), ("", .left),
        ])
        for figure in figures {
            guard let lesson = figure.lesson else { continue }
            table.append([
                figure.title, figure.value.text, lesson.value.text, lesson.verdict.rawValue,
            ])
        }
        return table.lines.map { "  " + $0 }
    }

    /// A text in lines of at most 100 columns; paragraphs stay apart.
    private static func wrapped(
        _ text: String, first: String = "", rest: String = ""
    ) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = lines.isEmpty ? first : rest
            var isEmpty = true
            for word in paragraph.split(separator: " ") {
                if !isEmpty, line.count + 1 + word.count > 100 {
                    lines.append(line)
                    (line, isEmpty) = (rest, true)
                }
                line += (isEmpty ? "" : " ") + word
                isEmpty = false
            }
            lines.append(isEmpty ? "" : line)
        }
        return lines
    }
}
