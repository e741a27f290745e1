/// Times as traces write them.
enum TraceTime {
    /// Seconds (`12.5`), or a date and a time of day (`2023-11-16 18:17:03.9799600`, also with `T`
    /// and a zone); nil: neither.
    static func parse(_ text: String) -> Duration? {
        if let seconds = Double(text) {
            return seconds.isFinite && abs(seconds) < 1e12 ? .seconds(seconds) : nil
        }
        return date(text)
    }

    private static func date(_ text: String) -> Duration? {
        let form =
            /(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:?\d\d)?/
        guard let match = try? form.wholeMatch(in: text)?.output,
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        if let zone = match.8, zone != "Z" {
            let digits = zone.filter(\.isNumber)
            guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)) else {
                return nil
            }
            seconds -= (zone.first == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
        var fraction: Int64 = 0
        if let digits = match.7, let value = Int64(digits) {
            fraction = value
            for _ in digits.count..<18 { fraction *= 10 }
        }
        return Duration(secondsComponent: Int64(seconds), attosecondsComponent: fraction)
    }

    /// Days from 1970-01-01 in the Gregorian calendar: 400 years are 146,097 days, and a year that
    /// begins in March has its leap day at the end.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
