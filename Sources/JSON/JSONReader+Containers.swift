extension JSONReader {
    /// Reads the beginning of an object; `nextKey` gives its members.
    package mutating func beginObject() throws(JSONError) {
        try expect(.object)
        try begin(.object(isFirst: true))
    }

    /// Reads the beginning of an array; `nextElement` says whether an element follows.
    package mutating func beginArray() throws(JSONError) {
        try expect(.array)
        try begin(.array(isFirst: true))
    }

    /// Reads the next key of the innermost object; nil at its end, which is read too.
    package mutating func nextKey() throws(JSONError) -> String? {
        guard try nextMember() else { return nil }
        let key = try readText()
        try colon()
        return key
    }

    /// Appends the next key of the innermost object, as UTF-8; false at its end.
    package mutating func nextKey(into buffer: inout [UInt8]) throws(JSONError) -> Bool {
        guard try nextMember() else { return false }
        try readText(into: &buffer)
        try colon()
        return true
    }

    /// Whether the innermost array has a next element; its end is read when there is none.
    package mutating func nextElement() throws(JSONError) -> Bool {
        guard case .array(let isFirst)? = open.last else {
            preconditionFailure("nextElement() outside of an array")
        }
        return try separator(isFirst, .array(isFirst: false), UInt8(ascii: "]"))
    }

    /// Reads the next value, whatever it is, and forgets it.
    package mutating func skip() throws(JSONError) {
        let depth = open.count
        try skipScalarOrBegin()
        while open.count > depth {
            switch open[open.count - 1] {
            case .object:
                guard try nextMember() else { continue }
                _ = try scanText()
                try colon()
                try skipScalarOrBegin()
            case .array:
                if try nextElement() { try skipScalarOrBegin() }
            }
        }
    }

    private mutating func skipScalarOrBegin() throws(JSONError) {
        switch try peek() {
        case .object: try beginObject()
        case .array: try beginArray()
        case .string: _ = try scanText()
        case .number: _ = try scanNumber()
        case .bool: _ = try bool()
        case .null: try null()
        }
    }

    private mutating func begin(_ container: Container) throws(JSONError) {
        guard open.count < JSONLimits.depth else {
            throw error("nested more than \(JSONLimits.depth) deep")
        }
        offset += 1
        open.append(container)
    }

    /// Whether a member follows; its key is next then.
    private mutating func nextMember() throws(JSONError) -> Bool {
        guard case .object(let isFirst)? = open.last else {
            preconditionFailure("nextKey() outside of an object")
        }
        guard try separator(isFirst, .object(isFirst: false), UInt8(ascii: "}")) else {
            return false
        }
        guard try next("a key") == UInt8(ascii: "\"") else { throw unexpected("a key") }
        return true
    }

    /// Reads a comma, or the end of the innermost container, which gives false.
    private mutating func separator(
        _ isFirst: Bool, _ continued: Container, _ end: UInt8
    ) throws(JSONError) -> Bool {
        skipSpace()
        let expected = end == UInt8(ascii: "]") ? "',' or ']'" : "',' or '}'"
        let byte = try next(expected)
        if byte == end {
            offset += 1
            open.removeLast()
            return false
        }
        if isFirst {
            open[open.count - 1] = continued
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw unexpected(expected) }
        offset += 1
        skipSpace()
        return true
    }

    private mutating func colon() throws(JSONError) {
        skipSpace()
        guard try next("':'") == UInt8(ascii: ":") else { throw unexpected("':'") }
        offset += 1
    }
}
