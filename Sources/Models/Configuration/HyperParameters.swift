import ModelFiles

/// A checked view of a model's hyper-parameters: keys are prefixed with the architecture's name,
/// numbers are range-checked, and every complaint names the key and what to do.
struct HyperParameters {
    let source: any ModelSource
    let architecture: String
    /// Everything that was asked for.
    let log: ReadLog

    /// The file's architecture, whatever it is.
    init(_ source: any ModelSource, log: ReadLog = ReadLog()) throws(ModelError) {
        self.source = source
        self.log = log
        let key = "general.architecture"
        guard let value = source.parameter(key) else {
            throw ModelError(
                .missingParameter, subject: key,
                "the file does not say which architecture it holds; get the model from a source "
                    + "whose converter wrote this key")
        }
        guard let name = value.text else {
            throw ModelError(
                .invalidParameter, subject: key, "must be a string; the file needs converting again"
            )
        }
        architecture = name
    }

    /// The full key of a hyper-parameter of this architecture.
    func key(_ name: String) -> String { "\(architecture).\(name)" }

    /// Whether the file has the hyper-parameter.
    func has(_ name: String) -> Bool { value(name) != nil }

    /// Whether the model has a tensor, which says what others must be there.
    func hasTensor(_ name: String) -> Bool { source.hasTensor(name) }

    /// The value of the hyper-parameter, which counts as read from here on.
    private func value(_ name: String) -> GGUFValue? {
        log.note(key: key(name))
        return source.parameter(key(name))
    }

    /// An integer within `range`.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard let value = try optionalInteger(name, in: range) else { throw missing(name) }
        return value
    }

    /// An integer within `range`, or nil if the file does not have the key.
    func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        let key = key(name)
        guard let value = value(name) else { return nil }
        guard let number = value.integer else {
            throw ModelError(
                .invalidParameter, subject: key,
                "must be an integer from \(range.lowerBound) to \(range.upperBound); "
                    + Self.convertAnew)
        }
        return try checked(number, in: range, name)
    }

    /// An integer of each of `layers` layers, which a file gives once if it is the same for all.
    func layerIntegers(
        _ name: String, layers: Int, in range: ClosedRange<Int>
    ) throws(ModelError) -> [Int]? {
        let key = key(name)
        guard case .array(let array)? = value(name) else {
            return try optionalInteger(name, in: range).map {
                Array(repeating: $0, count: layers)
            }
        }
        guard let values = array.integers else {
            throw ModelError(
                .invalidParameter, subject: key,
                "must be an array of integers; "
                    + Self.convertAnew)
        }
        guard values.count == layers else {
            throw ModelError(
                .invalidParameter, subject: key,
                "has \(values.count) elements but the model has \(layers) layers; "
                    + Self.convertAnew)
        }
        for value in values { _ = try checked(value, in: range, name) }
        return values
    }

    /// A positive, finite number, or nil if the file does not have the key.
    func optionalNumber(_ name: String) throws(ModelError) -> Double? {
        let key = key(name)
        guard let value = value(name) else { return nil }
        guard let number = value.number, number.isFinite, number > 0 else {
            throw ModelError(
                .invalidParameter, subject: key,
                "must be a positive, finite number; "
                    + Self.convertAnew)
        }
        return number
    }

    /// A factor or a bound that is off where the file does not have the key, or has 0.
    func optionalFactor(_ name: String) throws(ModelError) -> Double? {
        switch value(name) {
        case .float32(0), .float64(0): nil
        case let value? where value.integer == 0: nil
        default: try optionalNumber(name)
        }
    }

    /// Which layers have a property, where the file says so: each with a truth value of its own,
    /// or all but every n-th of them with the integer n.
    func layerFlags(_ name: String, layers: Int) throws(ModelError) -> [Bool]? {
        guard case .array(let array)? = value(name) else {
            return try optionalInteger(name, in: 0...ModelLimits.maximumLayers).map { period in
                (1...layers).map { period == 0 || !$0.isMultiple(of: period) }
            }
        }
        let flags: [Bool] = (0..<min(array.count, ModelLimits.maximumLayers)).compactMap {
            if case .bool(let flag) = array[$0] { return flag }
            return array[$0].integer.map { $0 != 0 }
        }
        guard flags.count == layers, array.count == layers else {
            throw ModelError(
                .invalidParameter, subject: key(name),
                "must be one integer, or a truth value for each of the \(layers) layers; "
                    + Self.convertAnew)
        }
        return flags
    }

    /// The tokens of a window that a file need not have, its own position included.
    func window() throws(ModelError) -> Int? {
        let range = 0...ModelLimits.maximumContext
        return try optionalInteger("attention.sliding_window", in: range).flatMap {
            $0 == 0 ? nil : $0
        }
    }

    /// A truth value, or nil if the file does not have the key.
    func optionalFlag(_ name: String) throws(ModelError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value else {
            throw ModelError(
                .invalidParameter, subject: key(name), "must be true or false; " + Self.convertAnew)
        }
        return flag
    }

    /// A positive, finite number.
    func number(_ name: String) throws(ModelError) -> Double {
        guard let value = try optionalNumber(name) else { throw missing(name) }
        return value
    }

    /// A string, or nil if the file does not have the key.
    func optionalString(_ name: String) throws(ModelError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text else {
            throw ModelError(
                .invalidParameter, subject: key(name), "must be a string; " + Self.convertAnew)
        }
        return text
    }

    /// Refuses a text that is none of those that are known, where the file has the key.
    func expect(_ known: String..., in name: String) throws(ModelError) {
        guard let text = try optionalString(name), !known.contains(text) else { return }
        throw ModelError(
            .unsupportedFeature, subject: key(name),
            "'\(text.prefix(ModelLimits.quotedNameLength))' is not supported; convert the model "
                + "with a converter of today")
    }

    /// Refuses a number that is none of those that are known, where the file has the key.
    func expect(_ known: [Double], in name: String) throws(ModelError) {
        guard let value = value(name) else { return }
        guard let number = value.number, known.contains(number) else {
            throw ModelError(
                .unsupportedFeature, subject: key(name),
                "is none of \(known), which are supported; use another model")
        }
    }

    /// Refuses a value outside of `range`.
    private func checked(
        _ value: Int, in range: ClosedRange<Int>, _ name: String
    ) throws(ModelError) -> Int {
        guard range.contains(value) else {
            throw ModelError(
                .invalidParameter, subject: key(name),
                "is \(value) but must be from \(range.lowerBound) to \(range.upperBound); "
                    + Self.convertAnew)
        }
        return value
    }

    /// The refusal of a file without the key.
    func missing(_ name: String) -> ModelError {
        ModelError(
            .missingParameter, subject: key(name),
            "is not in the file, and the architecture needs it; " + Self.convertAnew)
    }

    static let convertAnew =
        "the file is damaged or was converted wrongly: download or convert the model again"
}

extension GGUFValue {
    /// A number of a float or an integer type.
    var number: Double? { double ?? integer.map { Double($0) } }

    /// A text; bytes that are not UTF-8 are replaced by U+FFFD.
    var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
