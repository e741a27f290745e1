/// A line that drives the notebook's class: a method and its arguments.
package enum SimulatorLine: Hashable, Sendable {
    /// `allocate ID LENGTH`
    case allocate(String, length: Int)
    /// `append ID TOKENS`, which the notebook has not.
    case append(String, tokens: Int)
    /// `free ID`
    case free(String)

    /// Reads a line of words apart by spaces or tabs; the notebook's own names of the methods do as
    /// well.
    ///
    /// - Throws: `SimulatorLineError`, which says what is wrong with it.
    package init(_ text: String) throws(SimulatorLineError) {
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        let method = words.first ?? ""
        switch (method, words.count) {
        case ("allocate", 3), ("allocate_sequence", 3):
            self = .allocate(words[1], length: try Self.tokens(words[2]))
        case ("append", 3):
            self = .append(words[1], tokens: try Self.tokens(words[2]))
        case ("free", 2), ("free_sequence", 2):
            self = .free(words[1])
        case ("allocate", _), ("allocate_sequence", _), ("append", _), ("free", _),
            ("free_sequence", _):
            throw SimulatorLineError(
                description: "\(method) has \(words.count - 1) arguments; it takes "
                    + (method.hasPrefix("free") ? "ID" : "ID and a number of tokens"))
        default:
            throw SimulatorLineError(
                description: "'\(method)' is no method; there are: allocate ID LENGTH, "
                    + "append ID TOKENS, free ID")
        }
    }

    private static func tokens(_ word: String) throws(SimulatorLineError) -> Int {
        guard let tokens = Int(word), (0...SimulationLimits.notebookLength).contains(tokens) else {
            throw SimulatorLineError(
                description: "'\(word)' is no number of tokens from 0 to "
                    + "\(SimulationLimits.notebookLength)")
        }
        return tokens
    }
}

/// A line that does not drive the notebook's class.
package struct SimulatorLineError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What is wrong with it, and what would do.
    package let description: String
}

extension PagedAttentionSimulator {
    /// Calls the method of a line; what it returned.
    package mutating func call(_ line: SimulatorLine) -> Bool {
        switch line {
        case .allocate(let id, let length): allocate(id, length: length)
        case .append(let id, let tokens): append(id, tokens: tokens)
        case .free(let id): free(id)
        }
    }
}
