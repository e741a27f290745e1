import FoundationEssentials

/// One value of a measurement.
enum BenchValue: Codable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case integer(Int)
    case number(Double)
    case numbers([Double])
    /// What could not be measured, or has no meaning here.
    case none

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .integer(number) }
    init(_ number: Double?) { self = number.map { $0.isFinite ? .number($0) : .none } ?? .none }
    init(_ number: Int?) { self = number.map { .integer($0) } ?? .none }
    init(_ text: String?) { self = text.map { .text($0) } ?? .none }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .none
        } else if let number = try? value.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let numbers = try? value.decode([Double].self) {
            self = .numbers(numbers)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .integer(let number): try value.encode(number)
        case .number(let number): try value.encode(number)
        case .numbers(let numbers): try value.encode(numbers)
        case .none: try value.encodeNil()
        }
    }

    /// The number, if it is one.
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// As a field of a CSV file (RFC 4180); a list is its numbers with blanks between them.
    var csv: String {
        switch self {
        case .text(let text):
            text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .numbers(let numbers): numbers.map { "\($0)" }.joined(separator: " ")
        case .none: ""
        }
    }

    /// For a person: three digits that count, and no more before the point than there are.
    var short: String {
        switch self {
        case .text(let text): return text
        case .integer(let number): return Sizes.grouped(number)
        case .number(let number): return Self.short(number)
        case .numbers(let numbers): return numbers.map(Self.short).joined(separator: " ")
        case .none: return "-"
        }
    }

    private static func short(_ number: Double) -> String {
        let size = number.magnitude
        guard size < 1e15 else { return "\(number)" }
        if size >= 100 || number == 0 { return Sizes.grouped(Int(number.rounded())) }
        let places = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let digits = String(Int((size * scale).rounded()))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (number < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }
}

/// A measurement with all that is needed to take it again: named values in order.
struct BenchRow: Encodable {
    private(set) var names: [String] = []
    private(set) var values: [String: BenchValue] = [:]

    init(_ fields: KeyValuePairs<String, BenchValue> = [:]) {
        for (name, value) in fields { self[name] = value }
    }

    /// A row of a JSON object; nil if it is none.
    init?(json line: Substring) {
        let decoder = JSONDecoder()
        guard let values = try? decoder.decode([String: BenchValue].self, from: Data(line.utf8))
        else { return nil }
        self.values = values
        names = values.keys.sorted()
    }

    subscript(_ name: String) -> BenchValue? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    /// This row's fields, then those of another that it does not have.
    func followed(by other: BenchRow) -> BenchRow {
        var row = self
        for name in other.names where row[name] == nil { row[name] = other[name] }
        return row
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(values)
    }
}
