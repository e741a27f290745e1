/// Where the columns of a table stand, and how its lines become requests.
struct TraceColumnIndex {
    /// Whether the first line was a head with names.
    let isHead: Bool
    private let arrival: Int?
    private let prompt: Int
    private let output: Int
    private let tenant: Int?

    /// The columns that a first line names; a table of lengths needs no names.
    init(_ format: TraceFormat, _ line: TraceLines.Line) throws(TraceError) {
        let names = try line.fields().map { $0.lowercased() }
        let known = TraceColumns.all.filter { $0.format == format }
        if let columns = known.first(where: { $0.suit(names) }) {
            isHead = true
            arrival = columns.arrival.flatMap { names.firstIndex(of: $0) }
            prompt = names.firstIndex(of: columns.prompt) ?? 0
            output = names.firstIndex(of: columns.output) ?? 0
            tenant = columns.tenant.flatMap { names.firstIndex(of: $0) }
            return
        }
        guard format == .lengths, names.count >= 2, Int(names[0]) != nil else {
            let wanted = known.map { columns in
                [columns.arrival, columns.prompt, columns.output].compactMap { $0 }
                    .joined(separator: ",")
            }
            throw TraceError(
                line: line.number,
                "a \(format.rawValue) trace begins with the columns "
                    + wanted.joined(separator: " or "))
        }
        isHead = false
        arrival = nil
        prompt = 0
        output = 1
        tenant = nil
    }

    /// The request on a line.
    func request(_ line: TraceLines.Line) throws(TraceError) -> TraceRequest {
        let fields = try line.fields()
        func field(_ index: Int) throws(TraceError) -> String {
            guard index < fields.count else {
                throw TraceError(
                    line: line.number, "\(fields.count) columns, at least \(index + 1) are needed")
            }
            return fields[index]
        }
        func count(_ index: Int, _ what: String) throws(TraceError) -> Int {
            let text = try field(index)
            if let number = Int(text) { return number }
            // Tables that went through a spreadsheet or pandas have 13.0 for 13.
            if let number = Double(text), let whole = Int(exactly: number) { return whole }
            throw TraceError(
                line: line.number, "\(what) is \"\(text.prefix(40))\", which is no whole number")
        }
        var request = TraceRequest(
            promptTokens: try count(prompt, "the prompt"),
            outputTokens: try count(output, "the answer"))
        if let arrival {
            let text = try field(arrival)
            guard let time = TraceTime.parse(text) else {
                throw TraceError(
                    line: line.number,
                    "the time is \"\(text.prefix(40))\"; write seconds, or a date as "
                        + "2023-11-16 18:17:03.98")
            }
            request.arrival = time
        }
        if let tenant {
            let name = try field(tenant)
            request.tenant = name.isEmpty ? nil : name
        }
        return request
    }
}
