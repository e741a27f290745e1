import QuireEngine

/// Writes metrics in Prometheus' text format, 0.0.4.
struct PrometheusText {
    /// What the format is called in a header.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The names and values of a sample's labels, in their order.
    typealias Labels = [(name: String, value: String)]

    /// A kind of metric.
    enum Kind: String {
        case gauge, counter, histogram
    }

    private(set) var text = ""

    /// Begins a metric, whose samples come next.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a sample of the metric that was begun.
    mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
        text += name
        if !labels.isEmpty {
            let written = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            text += "{\(written.joined(separator: ","))}"
        }
        text += " \(Self.number(value))\n"
    }

    /// Writes a metric of one sample.
    mutating func metric(
        _ name: String, _ kind: Kind, _ help: String, _ labels: Labels, _ value: Double
    ) {
        begin(name, kind, help)
        sample(name, labels, value)
    }

    /// Writes a histogram.
    mutating func histogram(
        _ name: String, _ help: String, _ labels: Labels, _ histogram: Histogram
    ) {
        begin(name, .histogram, help)
        let reading = histogram.reading
        var sum = 0
        for (bound, count) in zip(histogram.bounds, reading.counts) {
            sum += count
            sample("\(name)_bucket", labels + [("le", Self.number(bound))], Double(sum))
        }
        // Of the same reading: the last bucket and the count are one number.
        sample("\(name)_bucket", labels + [("le", "+Inf")], Double(reading.count))
        sample("\(name)_sum", labels, reading.sum)
        sample("\(name)_count", labels, Double(reading.count))
    }

    private static func number(_ value: Double) -> String {
        switch value {
        case .infinity: "+Inf"
        case -.infinity: "-Inf"
        case _ where value.isNaN: "NaN"
        case _ where value == value.rounded() && value.magnitude < 0x1p53: "\(Int(value))"
        default: "\(value)"
        }
    }

    private static func escaped(_ value: String, quotes: Bool = true) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"" where quotes: text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
