/// Times as traces write them.
enum TraceTime {
    /// Seconds (`12.5`), or a date and a time of day (`2023-11-16 18:17:03.9799600`, also with `T`
    /// and a zone); nil: neither.
    ///
    /// - Complexity: O(bytes): a trace has millions of them.
    static func parse(_ text: String) -> Duration? {
        if let seconds = Double(text) {
            return seconds.isFinite && abs(seconds) < 1e12 ? .seconds(seconds) : nil
        }
        return date(Array(text.utf8))
    }

    private static func date(_ text: [UInt8]) -> Duration? {
        // yyyy-mm-dd hh:mm:ss
        guard text.count >= 19, text[4] == 0x2D, text[7] == 0x2D,
            text[10] == 0x20 || text[10] == 0x54, text[13] == 0x3A, text[16] == 0x3A,
            let year = number(text[0..<4]), let month = number(text[5..<7]),
            let day = number(text[8..<10]), let hour = number(text[11..<13]),
            let minute = number(text[14..<16]), let second = number(text[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        var rest = text[19...]
        var fraction: Int64 = 0
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { 0x30...0x39 ~= $0 }
            guard 1...18 ~= digits.count, let value = number(digits) else { return nil }
            fraction = Int64(value)
            for _ in digits.count..<18 { fraction *= 10 }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let zone = zone(rest) else { return nil }
        seconds -= zone
        return Duration(secondsComponent: Int64(seconds), attosecondsComponent: fraction)
    }

    /// The seconds that `Z`, `+hh:mm` or `-hhmm` is ahead; nil: it is none of them.
    private static func zone(_ text: ArraySlice<UInt8>) -> Int? {
        guard let sign = text.first else { return 0 }
        if sign == 0x5A { return text.count == 1 ? 0 : nil }
        var digits = Array(text.dropFirst())
        if digits.count == 5, digits[2] == 0x3A { digits.remove(at: 2) }
        guard sign == 0x2B || sign == 0x2D, digits.count == 4, let hours = number(digits[0..<2]),
            let minutes = number(digits[2..<4])
        else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// A number of digits and nothing else.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
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
