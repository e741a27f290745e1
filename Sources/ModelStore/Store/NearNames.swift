/// Names that a person may have meant.
package enum NearNames {
    /// At most three of the candidates, the nearest first: those that begin with the name, then
    /// those that are few edits away or contain it.
    package static func suggestions(for name: String, among candidates: [String]) -> [String] {
        let wanted = Array(name.lowercased().prefix(ModelStoreLimits.nameLength))
        var near: [(distance: Int, name: String)] = []
        for candidate in Set(candidates) {
            let other = Array(candidate.lowercased())
            if wanted.count >= 3, other.starts(with: wanted) {
                near.append((0, candidate))
                continue
            }
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

    /// Insertions, deletions, substitutions, and swaps of neighbours, the commonest slip of all
    /// (optimal string alignment). O(m n) time, O(n) space.
    static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var current = [i + 1]
            current.reserveCapacity(b.count + 1)
            for (j, y) in b.enumerated() {
                let substitution = previous[j] + (x == y ? 0 : 1)
                var best = min(substitution, previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[b.count]
    }
}
