extension MarkedText {
    func uppercased() -> MarkedText {
        mapped { character, _ in character.scalar.properties.uppercaseMapping }
    }

    func lowercased() -> MarkedText {
        mapped { character, index in
            character == "\u{3A3}" && isFinalSigma(index)
                ? "\u{3C2}" : character.scalar.properties.lowercaseMapping
        }
    }

    func capitalized() -> MarkedText {
        mapped { character, index in
            let properties = character.scalar.properties
            if index == 0 { return properties.titlecaseMapping }
            if character == "\u{3A3}", isFinalSigma(index) { return "\u{3C2}" }
            return properties.lowercaseMapping
        }
    }

    func caseFolded() -> MarkedText {
        mapped { character, _ in
            // The one letter whose large form folds to another: the Turkish dotless i.
            if character == "\u{131}" { return nil }
            let large = character.scalar.properties.uppercaseMapping.unicodeScalars
            return large.map(\.properties.lowercaseMapping).joined()
        }
    }

    func caseSwapped() -> MarkedText {
        mapped { character, index in
            let properties = character.scalar.properties
            if character == "\u{3A3}", isFinalSigma(index) { return "\u{3C2}" }
            if properties.isUppercase { return properties.lowercaseMapping }
            return properties.isLowercase ? properties.uppercaseMapping : nil
        }
    }

    /// Python's `str.title`: a letter after one that has case is small, others are large.
    func titled() -> MarkedText {
        mapped { character, index in
            let properties = character.scalar.properties
            if index > 0, characters[index - 1].isCased {
                if character == "\u{3A3}", isFinalSigma(index) { return "\u{3C2}" }
                return properties.lowercaseMapping
            }
            return properties.titlecaseMapping
        }
    }

    /// Every character replaced by a text that takes on its mark; nil leaves it.
    private func mapped(_ mapping: (MarkedCharacter, Int) -> String?) -> MarkedText {
        var result = MarkedText()
        result.isEscaped = isEscaped
        result.characters.reserveCapacity(count)
        for (index, character) in characters.enumerated() {
            guard let text = mapping(character, index) else {
                result.characters.append(character)
                continue
            }
            for scalar in text.unicodeScalars {
                result.characters.append(MarkedCharacter(scalar, like: character))
            }
        }
        return result
    }

    /// Whether a capital sigma ends a word, where its small form is another.
    private func isFinalSigma(_ index: Int) -> Bool {
        func isIgnored(_ character: MarkedCharacter) -> Bool {
            character.scalar.properties.isCaseIgnorable
        }
        let before = characters[..<index].last { !isIgnored($0) }
        let after = characters[(index + 1)...].first { !isIgnored($0) }
        return before?.isCased == true && after?.isCased != true
    }

    /// Whether it has letters with case and all of them are of one.
    func isAll(_ has: (MarkedCharacter) -> Bool) -> Bool {
        characters.contains { $0.isCased } && characters.allSatisfy { !$0.isCased || has($0) }
    }

    /// Whether every word begins large and goes on small.
    var isTitle: Bool {
        var found = false
        var afterCased = false
        for character in characters {
            if character.isUppercase || character.isTitlecase {
                if afterCased { return false }
                found = true
            } else if character.isLowercase, !afterCased {
                return false
            }
            afterCased = character.isCased
        }
        return found
    }

    /// The text with HTML's special characters as entities.
    func escaped() -> MarkedText {
        if isEscaped { return self }
        var result = mapped { character, _ in
            switch character.scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "'": "&#39;"
            case "\"": "&#34;"
            default: nil
            }
        }
        result.isEscaped = true
        return result
    }
}
