/// A text that structures answers, such as `<tool_call>` or `<think>`.
///
/// Models are less strict about whitespace than templates: between the words of a marker any
/// whitespace matches, also none.
package struct Marker: Hashable, Sendable, CustomStringConvertible {
    /// The text as the template has it.
    package let text: String

    /// Its words: what whitespace divides.
    let words: [[UInt8]]

    /// A marker.
    package init(_ text: String) {
        self.text = text
        words = text.utf8.split(whereSeparator: Self.isSpace).map(Array.init)
    }

    /// No marker.
    package static let none = Marker("")

    /// The text without whitespace around it.
    package var trimmed: String { text.trimmed }

    /// Whether there is no word.
    package var isEmpty: Bool { words.isEmpty }

    /// The text in quotes.
    package var description: String { text.debugDescription }

    /// The whitespace that it begins with.
    var leadingSpace: [UInt8] { Array(text.utf8.prefix(while: Self.isSpace)) }

    /// The whitespace that it ends with.
    var trailingSpace: [UInt8] {
        Array(text.utf8.reversed().prefix(while: Self.isSpace).reversed())
    }

    /// What a place in a text has of a marker.
    enum Match: Equatable {
        /// Something else.
        case none
        /// The text ends inside of it.
        case partial
        /// All of it, up to an offset.
        case full(Int)
    }

    /// Compares the text at a place, which is the first word's.
    ///
    /// - Complexity: O(bytes of the marker and of the whitespace in it)
    func match(_ bytes: [UInt8], at place: Int) -> Match {
        var place = place
        for (index, word) in words.enumerated() {
            if index > 0 {
                while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
            }
            for byte in word {
                guard place < bytes.count else { return .partial }
                guard bytes[place] == byte else { return .none }
                place += 1
            }
        }
        return words.isEmpty ? .none : .full(place)
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
