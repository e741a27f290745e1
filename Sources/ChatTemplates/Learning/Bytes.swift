/// Texts as bytes, cut where tags are whole.
enum Bytes {
    /// The first place of a text from `start` on.
    static func find(_ text: String, in bytes: [UInt8], from start: Int = 0) -> Range<Int>? {
        let text = Array(text.utf8)
        guard let first = text.first, bytes.count >= text.count else { return nil }
        var place = start
        while place + text.count <= bytes.count {
            if bytes[place] == first, bytes[place..<place + text.count].elementsEqual(text) {
                return place..<place + text.count
            }
            place += 1
        }
        return nil
    }

    /// The last place of a text.
    static func findLast(_ text: String, in bytes: [UInt8]) -> Range<Int>? {
        var found: Range<Int>?
        while let next = find(text, in: bytes, from: found.map { $0.lowerBound + 1 } ?? 0) {
            found = next
        }
        return found
    }

    /// What texts have in common at their beginning, up to a place where no tag is cut.
    static func commonPrefix(_ first: String, _ second: String) -> String {
        let left = Array(first.utf8)
        let right = Array(second.utf8)
        var count = zip(left, right).prefix { $0 == $1 }.count
        // Half a character is none, and of half a tag only the text before it.
        while count > 0, count < left.count, left[count] & 0xC0 == 0x80 { count -= 1 }
        let isCut = count < left.count || count < right.count
        if isCut, let start = openTag(left[..<count]) { count = start }
        return String(decoding: left[..<count], as: UTF8.self)
    }

    /// The same at their end.
    static func commonSuffix(_ first: String, _ second: String) -> String {
        let left = Array(first.utf8)
        let right = Array(second.utf8)
        var count = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        while count > 0, left[left.count - count] & 0xC0 == 0x80 { count -= 1 }
        if count < left.count || count < right.count {
            let part = left[(left.count - count)...]
            if let end = closedTag(
                part, isWord: count < left.count && isWord(left, left.count - count))
            {
                count = left.count - end
            }
        }
        return String(decoding: left[(left.count - count)...], as: UTF8.self)
    }

    /// Where the tag begins that the bytes end inside of.
    private static func openTag(_ bytes: ArraySlice<UInt8>) -> Int? {
        for index in bytes.indices.reversed() {
            switch bytes[index] {
            case UInt8(ascii: ">"), UInt8(ascii: "]"): return nil
            case UInt8(ascii: "<"), UInt8(ascii: "["): return index
            default: continue
            }
        }
        return nil
    }

    /// Where the tag ends that the bytes begin inside of.
    private static func closedTag(_ bytes: ArraySlice<UInt8>, isWord: Bool) -> Int? {
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "<"), UInt8(ascii: "["), UInt8(ascii: "{"): return nil
            case UInt8(ascii: ">"): return index + 1
            case UInt8(ascii: "]") where isWord: return index + 1
            default: continue
            }
        }
        return nil
    }

    /// Whether a place is inside of a word.
    private static func isWord(_ bytes: [UInt8], _ place: Int) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2F
        }
        return place > 0 && place < bytes.count && isLetter(bytes[place])
            && bytes[place - 1] != 0x20
    }

    static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

extension String {
    // By bytes: a mark or a joiner at the border would make one character with the other side.

    /// Without the end, if it is one.
    func dropping(suffix: String) -> String {
        guard utf8.reversed().starts(with: suffix.utf8.reversed()) else { return self }
        return String(decoding: utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    }

    /// Without the beginning, if it is one.
    func dropping(prefix: String) -> String {
        guard utf8.starts(with: prefix.utf8) else { return self }
        return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// Without whitespace around it.
    var trimmed: String { AnswerParser.trimmed(Array(utf8)[...]) }
}
