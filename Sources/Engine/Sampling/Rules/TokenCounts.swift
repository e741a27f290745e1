import QuireIdentifiers

/// How often the tokens of a prompt and of its answer occur, for the penalties.
///
/// A function of the two sequences: kept up token by token it is what counting again gives, and a
/// copy goes its own way.
///
/// Memory: 24 bytes for each distinct token, and none where no penalty asks for it.
struct TokenCounts: Hashable {
    /// A token that occurs.
    struct Entry: Hashable {
        let token: UInt32
        /// Occurrences in the answer; 0 for a token of the prompt only.
        var generated: Int32
    }

    /// The distinct tokens, in the order in which they came first.
    private(set) var entries: [Entry] = []
    private var places: [UInt32: Int] = [:]

    /// Counts.
    ///
    /// - Parameter prompt: empty where the prompt does not matter.
    init(prompt: [TokenID], generated: [TokenID]) {
        for token in prompt { _ = place(of: token) }
        for token in generated { add(token) }
    }

    /// Counts a further token of the answer.
    ///
    /// - Complexity: O(1) on average.
    mutating func add(_ token: TokenID) { entries[place(of: token)].generated += 1 }

    private mutating func place(of token: TokenID) -> Int {
        if let place = places[token.rawValue] { return place }
        places[token.rawValue] = entries.count
        entries.append(Entry(token: token.rawValue, generated: 0))
        return entries.count - 1
    }
}
