extension TemplateDate {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]

    /// Python's `strftime` in the C locale; an unknown directive stays as it is.
    func formatted(_ format: MarkedText) -> MarkedText {
        var result = MarkedText()
        var index = 0
        while index < format.count {
            guard format.characters[index] == "%", index + 1 < format.count else {
                result.characters.append(format.characters[index])
                index += 1
                continue
            }
            let isBare = format.characters[index + 1] == "-" && index + 2 < format.count
            let letter = format.characters[index + (isBare ? 2 : 1)].scalar
            if let field = field(letter, pads: !isBare) {
                result.append(own: field)
            } else {
                result.append(format[index..<index + (isBare ? 3 : 2)])
            }
            index += isBare ? 3 : 2
        }
        return result
    }

    private func field(_ letter: Unicode.Scalar, pads: Bool) -> String? {
        func number(_ value: Int, _ width: Int = 2, pad: String = "0") -> String {
            let digits = String(value)
            return pads && digits.count < width
                ? String(repeating: pad, count: width - digits.count) + digits : digits
        }
        let month = Self.months[month - 1]
        let weekday = Self.weekdays[weekday]
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        switch letter {
        case "Y": return String(year)
        case "y": return number(year % 100)
        case "C": return number(year / 100)
        case "m": return number(self.month)
        case "d": return number(day)
        case "e": return number(day, pad: " ")
        case "j": return number(dayOfYear, 3)
        case "B": return month
        case "b", "h": return String(month.prefix(3))
        case "A": return weekday
        case "a": return String(weekday.prefix(3))
        case "w": return String(self.weekday)
        case "u": return String(self.weekday == 0 ? 7 : self.weekday)
        case "H": return number(hour)
        case "k": return number(hour, pad: " ")
        case "I": return number(hour12)
        case "l": return number(hour12, pad: " ")
        case "M": return number(minute)
        case "S": return number(second)
        case "f": return "000000"
        case "p": return hour < 12 ? "AM" : "PM"
        case "P": return hour < 12 ? "am" : "pm"
        default: return compound(letter, weekday, month)
        }
    }

    private func compound(
        _ letter: Unicode.Scalar, _ weekday: String, _ month: String
    ) -> String? {
        func expand(_ format: String) -> String { formatted(MarkedText(own: format)).string }
        switch letter {
        case "F": return expand("%Y-%m-%d")
        case "D", "x": return expand("%m/%d/%y")
        case "T", "X": return expand("%H:%M:%S")
        case "R": return expand("%H:%M")
        case "r": return expand("%I:%M:%S %p")
        case "c": return expand("%a %b %e %H:%M:%S %Y")
        case "n": return "\n"
        case "t": return "\t"
        case "z", "Z": return ""
        case "%": return "%"
        default: return nil
        }
    }
}
