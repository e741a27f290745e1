import Planning

/// The lesson's cost case: a million requests a day at two rates.
enum CostCase {
    /// The lesson's money, rounded on its way.
    private static let lesson = (hours: 39.8, day: 119.40, month: 3582.0, year: 43_584.0)

    /// What a day costs at a slow and at a quick rate.
    static func cost(
        requestsPerDay: Int = 1_000_000, slowPerMinute: Int = 250, quickPerMinute: Int = 620,
        pricePerHour: Double = 3
    ) -> Exercise {
        let slow = ServingCost(
            requestsPerDay: Double(requestsPerDay), requestsPerMinute: Double(slowPerMinute),
            pricePerHour: pricePerHour)
        var quick = slow
        quick.requestsPerMinute = Double(quickPerMinute)
        let minutes = slow.deviceMinutesPerDay - quick.deviceMinutesPerDay
        let day = slow.pricePerDay - quick.pricePerDay
        let rented = slow.rentedHoursPerDay - quick.rentedHoursPerDay
        return Exercise(
            name: "cost", title: "What a day costs",
            question: """
                \(Numbers.grouped(requestsPerDay)) requests come in a day. A card costs \
                $\(Numbers.decimal(pricePerHour, 2)) an hour. What is saved when it finishes \
                \(quickPerMinute) of them a minute and not \(slowPerMinute)?
                """,
            working: [
                "\(Numbers.grouped(requestsPerDay)) / \(slowPerMinute) = "
                    + "\(Numbers.decimal(slow.deviceMinutesPerDay, 1)) minutes of a card; "
                    + "/ \(quickPerMinute) = \(Numbers.decimal(quick.deviceMinutesPerDay, 1)).",
                "Saved: \(Numbers.decimal(minutes, 1)) minutes = "
                    + "\(Numbers.decimal(minutes / 60, 3)) hours a day.",
                "In money: $\(Numbers.decimal(day, 2)) a day, "
                    + "$\(Numbers.decimal(day * 30, 2)) in 30 days, "
                    + "$\(Numbers.decimal(day * 365, 2)) in 365.",
                "In whole cards: \(Numbers.decimal(slow.devicesOnAverage, 2)) and "
                    + "\(Numbers.decimal(quick.devicesOnAverage, 2)) are busy on average, so "
                    + "\(slow.devices) and \(quick.devices) are rented: \(rented) hours a day "
                    + "less.",
            ],
            figures: figures(slow, quick),
            answer: """
                $\(Numbers.decimal(day, 2)) a day by the minute; with whole cards rented by the \
                day, \(rented) hours, $\(Numbers.decimal(Double(rented) * pricePerHour, 2)).
                """,
            corrections: [
                Correction(
                    "$\(Numbers.decimal(lesson.year, 0)) a year",
                    right: "$\(Numbers.decimal(day * 365, 2)).",
                    why: "$\(Numbers.decimal(lesson.day, 2)) a day is rounded up from "
                        + "$\(Numbers.decimal(day, 2)), and times 365 even that is only "
                        + "$\(Numbers.decimal(lesson.day * 365, 0))."),
                Correction(
                    "Minutes of cards are what one pays for",
                    right: "One pays for whole cards, and for the rate at the busiest hour.",
                    why: "\(slowPerMinute) a minute is "
                        + "\(Numbers.grouped(slowPerMinute * 60 * 24)) a day for each card. "
                        + "Requests do not come evenly: the peak decides how many cards there "
                        + "are."),
            ])
    }

    private static func figures(_ slow: ServingCost, _ quick: ServingCost) -> [ExerciseFigure] {
        let minutes = slow.deviceMinutesPerDay - quick.deviceMinutesPerDay
        let day = slow.pricePerDay - quick.pricePerDay
        return [
            ExerciseFigure(
                "slow_device_minutes", "minutes of a card a day, slow", slow.deviceMinutesPerDay,
                lesson: .init(.integer(4000), .right)),
            ExerciseFigure(
                "quick_device_minutes", "minutes of a card a day, quick",
                quick.deviceMinutesPerDay, lesson: .init(.integer(1613), .right)),
            ExerciseFigure(
                "saved_device_minutes", "minutes saved a day", minutes,
                lesson: .init(.integer(2387), .right)),
            ExerciseFigure(
                "saved_device_hours", "hours saved a day", minutes / 60,
                lesson: .init(.number(lesson.hours), .right)),
            ExerciseFigure(
                "saved_per_day", "saved a day, $", day,
                lesson: .init(.number(lesson.day), .imprecise)),
            ExerciseFigure(
                "saved_per_30_days", "saved in 30 days, $", day * 30,
                lesson: .init(.number(lesson.month), .imprecise)),
            ExerciseFigure(
                "saved_per_365_days", "saved in 365 days, $", day * 365,
                lesson: .init(.number(lesson.year), .wrong)),
            ExerciseFigure("slow_devices", "whole cards, slow", slow.devices),
            ExerciseFigure("quick_devices", "whole cards, quick", quick.devices),
            ExerciseFigure(
                "saved_rented_hours", "hours of whole cards saved a day",
                slow.rentedHoursPerDay - quick.rentedHoursPerDay),
        ]
    }
}
