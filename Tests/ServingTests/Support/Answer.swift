import QuireJSON

/// An answer as it came over the wire, taken apart.
struct Answer {
    let status: Int
    let fields: [String: String]
    let body: String

    /// Takes the first answer of a text apart; nil where it is none.
    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
            let status = Int(first.dropFirst(9).prefix(3))
        else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        self.status = status
        self.fields = fields
        let rest = String(text[end.upperBound...])
        body = fields["transfer-encoding"] == "chunked" ? Self.joined(rest) : rest
    }

    /// The chunks of a body, without their frames; all bytes of it are ASCII.
    private static func joined(_ text: String) -> String {
        var rest = text[...]
        var joined = ""
        while let end = rest.firstRange(of: "\r\n"),
            let count = Int(rest[..<end.lowerBound], radix: 16), count > 0
        {
            let chunk = rest[end.upperBound...].utf8.prefix(count)
            joined += String(Substring(chunk))
            rest = rest[chunk.endIndex...].dropFirst()
        }
        return joined
    }

    var json: JSONValue? { try? JSONValue(parsing: Array(body.utf8)) }

    /// What follows `data: ` in each event.
    var events: [String] {
        body.split(separator: "\n\n").map { event in
            String(event.split(separator: "\n").last { $0.hasPrefix("data: ") }?.dropFirst(6) ?? "")
        }
    }
}
