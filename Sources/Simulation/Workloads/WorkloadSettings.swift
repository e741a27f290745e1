/// The words of a workload: a kind, and values by name.
///
/// `chat: sessions=20, turns=1..6` is of the kind `chat`. What nobody asked for is refused, so that
/// a misspelt name changes no result in silence.
struct WorkloadSettings {
    let kind: String
    private var values: [(name: String, text: String)] = []
    private var asked: Set<String> = []

    init(_ text: String) throws(TraceError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        kind = parts[0].trimmedSpace
        guard parts.count == 2 else { return }
        for item in parts[1].split(separator: ",") where !item.trimmedSpace.isEmpty {
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw TraceError("\"\(item.trimmedSpace.prefix(40))\" is no NAME=VALUE")
            }
            let name = sides[0].trimmedSpace
            guard !values.contains(where: { $0.name == name }) else {
                throw TraceError("\(name.prefix(40)) is given twice")
            }
            values.append((name: name, text: sides[1].trimmedSpace))
        }
    }

    private mutating func text(_ name: String) -> String? {
        asked.insert(name)
        return values.first { $0.name == name }?.text
    }

    mutating func lengths(_ name: String, _ standard: Lengths) throws(TraceError) -> Lengths {
        guard let text = text(name) else { return standard }
        do throws(TraceError) {
            return try Lengths(text)
        } catch {
            throw TraceError("\(name): \(error.message)")
        }
    }

    mutating func count(
        _ name: String, _ standard: Int, in range: ClosedRange<Int>
    ) throws(TraceError) -> Int {
        guard let text = text(name) else { return standard }
        guard let count = Int(text), range.contains(count) else {
            throw TraceError(
                "\(name) is \"\(text.prefix(40))\"; it is a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound)")
        }
        return count
    }

    mutating func number(
        _ name: String, _ standard: Double, in range: ClosedRange<Double>
    ) throws(TraceError) -> Double {
        guard let text = text(name) else { return standard }
        guard let number = Double(text), range.contains(number) else {
            throw TraceError(
                "\(name) is \"\(text.prefix(40))\"; it is a number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    mutating func word(_ name: String, of words: [String]) throws(TraceError) -> String {
        guard let text = text(name) else { return words[0] }
        guard words.contains(text) else {
            throw TraceError(
                "\(name) is \"\(text.prefix(40))\"; it is one of \(words.joined(separator: ", "))")
        }
        return text
    }

    /// Refuses what nobody asked for.
    func finish() throws(TraceError) {
        for value in values where !asked.contains(value.name) {
            throw TraceError(
                "a workload of the kind \(kind) has no \"\(value.name.prefix(40))\"; it has "
                    + asked.sorted().joined(separator: ", "))
        }
    }
}

extension StringProtocol {
    /// Without space around it.
    fileprivate var trimmedSpace: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}
