// Each accessor comes in two forms: `integer("key")` throws if the key is missing;
// `integer(ifPresent: "key")` gives nil then. Both throw if the value has another type.
extension GGUFMetadata {
    /// A text value; bytes that are not UTF-8 are replaced by U+FFFD.
    package func string(_ key: String) throws(ModelFileError) -> String {
        try required(key, "a string", try string(ifPresent: key))
    }

    /// A text value, or nil if there is none.
    package func string(ifPresent key: String) throws(ModelFileError) -> String? {
        guard let value = value(for: key) else { return nil }
        guard case .string(let bytes) = value else { throw wrongType(key, value, "a string") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A value of any integer type, within a range.
    ///
    /// - Throws: `missingKey`, `wrongType`, or `outOfRange` naming the range.
    package func integer(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> Int {
        try required(key, "an integer", try integer(ifPresent: key, in: range))
    }

    /// A value of any integer type within a range, or nil if there is none.
    package func integer(
        ifPresent key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> Int? {
        guard let value = value(for: key) else { return nil }
        guard let number = value.integer else {
            if case .uint64(let large) = value { throw outOfRange(key, "\(large)", range) }
            throw wrongType(key, value, "an integer")
        }
        guard range.contains(number) else { throw outOfRange(key, "\(number)", range) }
        return number
    }

    /// A finite value of a float type, or of an integer type.
    package func double(_ key: String) throws(ModelFileError) -> Double {
        try required(key, "a number", try double(ifPresent: key))
    }

    /// A finite value of a float or integer type, or nil if there is none.
    package func double(ifPresent key: String) throws(ModelFileError) -> Double? {
        guard let value = value(for: key) else { return nil }
        guard let number = value.double ?? value.integer.map(Double.init) else {
            throw wrongType(key, value, "a number")
        }
        guard number.isFinite else {
            throw error(.outOfRange, key, "is \(number), expected a finite number")
        }
        return number
    }

    /// A truth value.
    package func bool(_ key: String) throws(ModelFileError) -> Bool {
        try required(key, "a bool", try bool(ifPresent: key))
    }

    /// A truth value, or nil if there is none.
    package func bool(ifPresent key: String) throws(ModelFileError) -> Bool? {
        guard let value = value(for: key) else { return nil }
        guard case .bool(let flag) = value else { throw wrongType(key, value, "a bool") }
        return flag
    }

    /// An array of any type.
    package func array(_ key: String) throws(ModelFileError) -> GGUFArray {
        try required(key, "an array", try array(ifPresent: key))
    }

    /// An array of any type, or nil if there is none.
    package func array(ifPresent key: String) throws(ModelFileError) -> GGUFArray? {
        guard let value = value(for: key) else { return nil }
        guard case .array(let array) = value else { throw wrongType(key, value, "an array") }
        return array
    }

    /// An array of strings, by reference to the header's bytes.
    package func strings(_ key: String) throws(ModelFileError) -> GGUFStringArray {
        try required(key, "an array of strings", try strings(ifPresent: key))
    }

    /// An array of strings, or nil if there is none.
    package func strings(ifPresent key: String) throws(ModelFileError) -> GGUFStringArray? {
        guard let value = value(for: key) else { return nil }
        guard case .array(let array) = value, let strings = array.strings else {
            throw wrongType(key, value, "an array of strings")
        }
        return strings
    }

    /// An array of any integer type.
    package func integers(_ key: String) throws(ModelFileError) -> [Int] {
        try required(key, "an array of integers", try integers(ifPresent: key))
    }

    /// An array of any integer type, or nil if there is none.
    package func integers(ifPresent key: String) throws(ModelFileError) -> [Int]? {
        guard let value = value(for: key) else { return nil }
        guard case .array(let array) = value, let integers = array.integers else {
            throw wrongType(key, value, "an array of integers")
        }
        return integers
    }

    /// An array of a float type.
    package func floats(_ key: String) throws(ModelFileError) -> [Float] {
        try required(key, "an array of floats", try floats(ifPresent: key))
    }

    /// An array of a float type, or nil if there is none.
    package func floats(ifPresent key: String) throws(ModelFileError) -> [Float]? {
        guard let value = value(for: key) else { return nil }
        guard case .array(let array) = value, let floats = array.floats else {
            throw wrongType(key, value, "an array of floats")
        }
        return floats
    }

    /// An error about a key, for readers that find its value to make no sense.
    package func error(
        _ code: ModelFileError.Code, _ key: String, _ message: String
    ) -> ModelFileError {
        ModelFileError(code, path: path, at: .key(key), message)
    }

    private func required<T>(
        _ key: String, _ expected: String, _ value: T?
    ) throws(ModelFileError) -> T {
        guard let value else {
            throw error(.missingKey, key, "is missing from the metadata; expected \(expected)")
        }
        return value
    }

    private func wrongType(_ key: String, _ value: GGUFValue, _ expected: String) -> ModelFileError
    {
        var found = "\(value.type)"
        if case .array(let array) = value { found = "an array of \(array.elementType)" }
        return error(.wrongType, key, "is \(found), expected \(expected)")
    }

    private func outOfRange(
        _ key: String, _ number: String, _ range: ClosedRange<Int>
    ) -> ModelFileError {
        error(
            .outOfRange, key,
            "is \(number), expected \(range.lowerBound) to \(range.upperBound)")
    }
}
