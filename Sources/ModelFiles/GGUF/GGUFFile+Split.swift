// A split model is N files `NAME-00001-of-0000N.gguf`, each a GGUF file with the keys `split.no`
// (from 0), `split.count` and `split.tensors.count`. The first has all the metadata.
extension GGUFFile {
    /// Opens a model file, and with it all other parts of a split model.
    ///
    /// - Throws: `ModelFileError` for anything that is wrong in the file's header, in the shape or
    ///   the place of a tensor, or in the set of parts.
    /// - Complexity: one pass over the headers; tensor data is not touched.
    package static func open(_ path: String) throws(ModelFileError) -> GGUFFile {
        let (part, header) = try openPart(path, index: 0)
        guard let split = try SplitKeys(header), split.count > 1 else {
            return try GGUFFile([part], [header])
        }
        guard let name = SplitName(path, count: split.count) else {
            throw ModelFileError(
                .badSplit, path: path, at: .key(SplitKeys.countKey),
                "is \(split.count), but the file is not named like a part:"
                    + " \(SplitName.pattern(count: split.count)); give the parts their names back")
        }
        guard split.number == 0, name.number == 1 else {
            throw ModelFileError(
                .badSplit, path: path, at: .key(SplitKeys.numberKey),
                "this is part \(split.number + 1) of \(split.count); give the first part,"
                    + " \(name.path(ofPart: 1))")
        }
        var parts = [part]
        var headers = [header]
        for index in 1..<split.count {
            let partPath = name.path(ofPart: index + 1)
            let (part, header) = try openPart(partPath, index: index)
            try split.check(header, isPart: index)
            parts.append(part)
            headers.append(header)
        }
        let tensorCount = headers.reduce(0) { $0 + $1.tensors.count }
        if let expected = split.tensorCount, expected != tensorCount {
            throw ModelFileError(
                .badSplit, path: path, at: .key(SplitKeys.tensorsKey),
                "is \(expected), but the \(split.count) parts have \(tensorCount) tensors")
        }
        return try GGUFFile(parts, headers)
    }

    /// Opens one file and reads its header.
    private static func openPart(
        _ path: String, index: Int
    ) throws(ModelFileError) -> (part: FilePart, header: GGUFHeader) {
        let part = try FilePart.mapping(path, empty: .notGGUF)
        var cursor = HeaderCursor(fileSize: part.byteCount, path: path) {
            (range, bytes) throws(ModelFileError) in
            try part.copy(range, appendingTo: &bytes)
        }
        let header = try GGUFHeader(reading: &cursor, fileIndex: index)
        return (part, header)
    }
}

extension GGUFHeader {
    /// Refuses one part of a split model where no other can be found.
    func requireWhole() throws(ModelFileError) {
        guard let split = try SplitKeys(self), split.count > 1 else { return }
        throw metadata.error(
            .badSplit, SplitKeys.countKey,
            "is \(split.count): one part of a split model cannot be read alone; open its path")
    }
}

/// What a part says of itself.
struct SplitKeys {
    static let numberKey = "split.no"
    static let countKey = "split.count"
    static let tensorsKey = "split.tensors.count"

    let number: Int
    let count: Int
    let tensorCount: Int?

    /// Nil for a file without the keys.
    init?(_ header: GGUFHeader) throws(ModelFileError) {
        let metadata = header.metadata
        let parts = 0...ModelFileLimits.splitParts
        guard let count = try metadata.integer(ifPresent: Self.countKey, in: parts) else {
            return nil
        }
        self.count = count
        number = try metadata.integer(ifPresent: Self.numberKey, in: 0...max(0, count - 1)) ?? 0
        tensorCount = try metadata.integer(
            ifPresent: Self.tensorsKey, in: 0...ModelFileLimits.tensors)
    }

    /// Checks that another file is the part of that index (from 0) of the same model.
    func check(_ header: GGUFHeader, isPart index: Int) throws(ModelFileError) {
        let path = header.metadata.path
        guard let other = try SplitKeys(header) else {
            throw header.metadata.error(
                .badSplit, Self.countKey, "is missing; expected part \(index + 1) of \(count)")
        }
        guard other.count == count else {
            throw ModelFileError(
                .badSplit, path: path, at: .key(Self.countKey),
                "is \(other.count), but the first part says \(count)")
        }
        guard other.number == index else {
            throw ModelFileError(
                .badSplit, path: path, at: .key(Self.numberKey),
                "is \(other.number), expected \(index) as the file's name has it")
        }
    }
}

/// A part's file name: `PREFIX-00001-of-00003.gguf`.
struct SplitName {
    let prefix: String
    let number: Int
    let count: Int

    /// Nil if the path is not named like a part of `count`.
    init?(_ path: String, count: Int) {
        let suffix = "-of-\(Self.digits(count)).gguf"
        guard path.hasSuffix(suffix) else { return nil }
        let stem = path.dropLast(suffix.count)
        let digits = stem.suffix(5)
        guard digits.utf8.count == 5, digits.allSatisfy(\.isWholeNumber), let number = Int(digits),
            number >= 1,
            stem.dropLast(5).hasSuffix("-")
        else { return nil }
        prefix = String(stem.dropLast(6))
        self.number = number
        self.count = count
    }

    func path(ofPart number: Int) -> String {
        "\(prefix)-\(Self.digits(number))-of-\(Self.digits(count)).gguf"
    }

    static func pattern(count: Int) -> String { "NAME-00001-of-\(digits(count)).gguf" }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
}
