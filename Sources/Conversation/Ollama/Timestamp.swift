/// A point in time as RFC 3339 has it, in UTC: `2026-11-30T09:13:00Z`.
enum Timestamp {
    /// The text of a point in time.
    ///
    /// - Parameter seconds: since 1970; beyond the years 1 to 9999, the nearest that is within.
    static func text(seconds: Int) -> String {
        let seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
        let dayLength = 86_400
        let days = (seconds >= 0 ? seconds : seconds - dayLength + 1) / dayLength
        let (year, month, day) = date(daysSince1970: days)
        let second = seconds - days * dayLength
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let time =
            "\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        return "\(date)T\(time)Z"
    }

    /// The date of a day: in years that begin in March every leap day is a year's last, so that
    /// the lengths of months follow one rule.
    private static func date(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        // From 1 March of the year 0, in eras of 400 years.
        let days = daysSince1970 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let isNextYear = month >= 10
        return (
            year + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, day
        )
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
