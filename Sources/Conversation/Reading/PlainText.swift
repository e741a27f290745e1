extension String {
    /// The text of a name that a request brought, for a message: cut to a bounded length, and
    /// without what could command a terminal.
    var inMessage: String {
        var plain = ""
        for (count, scalar) in unicodeScalars.enumerated() {
            if count == ConversationLimits.maxListedCharacters { return plain + "..." }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                plain += "\\u{\(String(scalar.value, radix: 16))}"
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}

extension [String] {
    /// The names in a message, as far as there is room.
    var inMessage: String {
        let most = ConversationLimits.maxListedNames
        let listed = prefix(most).map(\.inMessage).joined(separator: ", ")
        return count > most ? "\(listed) and \(count - most) more" : listed
    }
}
