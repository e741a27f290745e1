import Planning
import Reporting
import Simulation

/// Exercises as a page.
struct ExercisePage {
    /// The exercises, in their order.
    let exercises: [Exercise]

    /// The page.
    func report() -> Report {
        var page = Report(
            title: exercises.count == 1 ? Self.title(exercises[0]) : "The exercises, answered",
            summary: exercises.count == 1
                ? exercises[0].answer
                : "Every exercise, case and table of the lessons, with its working, and what is "
                    + "right where the lesson is not.",
            parameters: [("exercises", exercises.map(\.name).joined(separator: ", "))])
        for exercise in exercises { Self.append(exercise, to: &page) }
        return page
    }

    private static func title(_ exercise: Exercise) -> String {
        exercise.isNumbered ? "Exercise \(exercise.name): \(exercise.title)" : exercise.title
    }

    private static func append(_ exercise: Exercise, to page: inout Report) {
        page.append(heading: title(exercise))
        page.append(prose: exercise.question)
        page.append(prose: exercise.working.joined(separator: "\n\n"))
        for table in exercise.tables { page.append(self.table(table)) }
        for picture in exercise.pictures { page.append(chart(picture)) }
        if let table = comparison(exercise) { page.append(table) }
        page.append(prose: "Answer: \(exercise.answer)")
        for correction in exercise.corrections {
            page.append(
                prose: "Not so: \(correction.claim). Rather: \(correction.right) "
                    + correction.why)
        }
    }

    private static func table(_ table: ExerciseTable) -> ReportTable {
        ReportTable(
            title: table.title,
            columns: table.columns.enumerated().map { index, name in
                table.isWords(index) ? .text(name) : .number(name)
            },
            rows: table.rows.map { $0.map { ReportTable.Cell($0) } })
    }

    /// The lesson's numbers beside the right ones; nil: it gives none.
    private static func comparison(_ exercise: Exercise) -> ReportTable? {
        let rows = exercise.figures.compactMap { figure -> [ReportTable.Cell]? in
            guard let lesson = figure.lesson else { return nil }
            return [
                .init(figure.title), .init(figure.value.text), .init(lesson.value.text),
                .init(lesson.verdict.rawValue),
            ]
        }
        guard !rows.isEmpty else { return nil }
        return ReportTable(
            title: "The lesson's numbers",
            columns: [
                "Number", .number("is"), .number("lesson"), "the lesson's is",
            ], rows: rows)
    }

    private static func chart(_ picture: ExercisePicture) -> any Chart {
        switch picture {
        case .batch(let title, let caption, let completions):
            let end = Double(completions.max() ?? 0)
            return TimelineChart(
                title: title, caption: caption, time: Axis("Time", .count("")),
                panels: [
                    .init(
                        rows: completions.enumerated().map { index, time in
                            .init(
                                "\(index + 1)",
                                [
                                    .init(0, Double(time), .computed),
                                    .init(Double(time), end, .idle),
                                ])
                        })
                ], words: [.computed: "works", .idle: "waits for the longest"])
        case .waste(let title, let caption, let kinds, let names, let shares):
            return BarChart(
                title: title, caption: caption, categoryTitle: kinds, categories: names,
                axis: Axis("Share", .percent),
                bars: [
                    .init("tokens", shares.map { 1 - $0 }, tone: .computed),
                    .init("waste", shares, tone: .waste),
                ], arrangement: .share)
        case .times(let title, let caption, let lengths, let series):
            return LineChart(
                title: title, caption: caption,
                x: Axis("Length", .count("tokens"), spacing: .log2),
                y: Axis("Time", .seconds, spacing: .log),
                series: series.map {
                    Series($0.name, x: lengths.map(Double.init), y: $0.seconds)
                })
        }
    }
}

extension Exercise {
    /// Whether the lesson asks it by a number.
    var isNumbered: Bool { name.first?.isNumber ?? false }
}

extension ExerciseTable {
    /// Whether a column holds words or bars, and not numbers; the first names the rows.
    func isWords(_ column: Int) -> Bool {
        column == 0 || rows.contains { $0[column].first.map { !$0.isNumber } ?? false }
    }
}

extension ExerciseFigure.Value {
    /// The number for a person.
    var text: String {
        switch self {
        case .integer(let count): Sizes.grouped(count)
        case .number(let number):
            Numbers.decimal(number, number == number.rounded() ? 0 : 4)
        }
    }
}
