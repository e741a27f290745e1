/// A date and time of day, for `strftime_now`; given by the caller, so that a rendering is a
/// function of its inputs.
package struct TemplateDate: Sendable, Hashable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    /// Makes a date of the Gregorian calendar; nil if there is no such date or time.
    package init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
    ) {
        guard 1...9_999 ~= year, 1...12 ~= month, 0...23 ~= hour, 0...59 ~= minute,
            0...60 ~= second, 1...Self.days(in: month, of: year) ~= day
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// A time of the Unix clock, in UTC.
    package init(secondsSince1970 seconds: Int) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        // Years begin in March here, so that a leap day is the last: Howard Hinnant's "civil from
        // days", whose eras have 400 years of 146,097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let day = shifted - era * 146_097
        let yearOfEra = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * month + 2) / 5 + 1
        self.month = month < 10 ? month + 3 : month - 9
        year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        hour = rest / 3_600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// Reads `2024-07-26` or `2024-07-26T13:45:00`; nil for anything else.
    package init?(_ text: String) {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        guard 1...2 ~= halves.count else { return nil }
        func numbers(_ text: Substring, _ separator: Character) -> [Int] {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false)
            let values = parts.compactMap { $0.allSatisfy(\.isWholeNumber) ? Int($0) : nil }
            return values.count == parts.count ? values : []
        }
        let date = numbers(halves[0], "-")
        let time = halves.count == 2 ? numbers(halves[1], ":") : [0, 0, 0]
        guard date.count == 3, time.count == 3 else { return nil }
        self.init(
            year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1],
            second: time[2])
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of the year, from 1.
    var dayOfYear: Int {
        (1..<month).reduce(day) { $0 + Self.days(in: $1, of: year) }
    }

    /// The day of the week, Sunday being 0.
    var weekday: Int {
        let before = year - 1
        return (before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear) % 7
    }
}
