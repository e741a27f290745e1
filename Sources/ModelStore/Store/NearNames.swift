/// Names that a person may have meant.
enum NearNames {
    /// At most three of the candidates, the nearest first: few edits away, or containing the name.
    static func suggestions(for name: String, among candidates: [String]) -> [String] {
        let wanted = Array(name.lowercased().prefix(ModelStoreLimits.nameLength))
        var near: [(distance: Int, name: String)] = []
        for candidate in Set(candidates) {
            let other = Array(candidate.lowercased())
            let distance = editDistance(wanted, other)
            if distance <= max(2, wanted.count / 3) {
                near.append((distance, candidate))
            } else if wanted.count >= 3, candidate.lowercased().contains(String(wanted)) {
                near.append((wanted.count, candidate))
            }
        }
        near.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return near.prefix(3).map(\.name)
    }

    /// Levenshtein's distance: insertions, deletions and substitutions. O(m n) time, O(n) space.
    static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var current = [i + 1]
            current.reserveCapacity(b.count + 1)
            for (j, y) in b.enumerated() {
                let substitution = previous[j] + (x == y ? 0 : 1)
                current.append(min(substitution, previous[j + 1] + 1, current[j] + 1))
            }
            previous = current
        }
        return previous[b.count]
    }
}
