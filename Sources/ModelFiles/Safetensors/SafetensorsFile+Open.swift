import QuireJSON

extension SafetensorsFile {
    /// The name of a file that has all tensors.
    static let wholeName = "model.safetensors"
    /// The name of the list of tensors and their files.
    static let indexName = "model.safetensors.index.json"

    /// Opens the weights of a folder, or one file.
    ///
    /// Of a folder, `model.safetensors` if there is one, and otherwise the files that
    /// `model.safetensors.index.json` names. A list or a file of a list may be given itself.
    ///
    /// - Throws: `ModelFileError` for anything that is wrong in a header, in the shape or the place
    ///   of a tensor, or in the set of files; `pickle` where weights are in pickle files alone.
    /// - Complexity: one pass over the headers; tensor data is not touched.
    package static func open(_ path: String) throws(ModelFileError) -> SafetensorsFile {
        if path.hasSuffix(".index.json") { return try openAll(of: path) }
        guard FolderEntries.isFolder(path) else {
            try PickleFiles.refuse(path)
            return try open([path], named: path)
        }
        let entries = try FolderEntries.names(path)
        if entries.contains(wholeName) { return try open(["\(path)/\(wholeName)"], named: path) }
        if entries.contains(indexName) { return try openAll(of: "\(path)/\(indexName)") }
        for name in entries.sorted() { try PickleFiles.refuse("\(path)/\(name)") }
        throw ModelFileError(
            .unreadable, path: path,
            "has neither \(wholeName) nor \(indexName); fetch the model again")
    }

    private static func open(
        _ paths: [String], named name: String
    ) throws(ModelFileError) -> SafetensorsFile {
        var parts: [FilePart] = []
        var headers: [SafetensorsHeader] = []
        for (index, path) in paths.enumerated() {
            let part = try FilePart.mapping(path)
            headers.append(try SafetensorsHeader(reading: part, fileIndex: index))
            parts.append(part)
        }
        return try SafetensorsFile(path: name, parts, headers)
    }

    /// Opens the files that a list names, which must have what it says.
    private static func openAll(of path: String) throws(ModelFileError) -> SafetensorsFile {
        let index = try SafetensorsIndex(path)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let prefix = path.contains("/") ? folder + "/" : ""
        let file = try open(
            index.files.map { prefix + $0 }, named: prefix.isEmpty ? "." : folder)
        for (name, number) in index.places {
            guard let tensor = file.tensor(named: name), tensor.fileIndex == number else {
                throw ModelFileError(
                    .missingTensor, path: path, at: .tensor(name),
                    "is not in \(index.files[number]), where the list has it; fetch both again")
            }
        }
        return file
    }
}

/// The list of tensors of a model in several files: `weight_map`, a tensor's name to its file's.
///
/// `metadata`, such as the sum of the sizes, says nothing that the files do not say themselves.
struct SafetensorsIndex {
    /// The files, in the order of their names.
    let files: [String]
    /// The tensors, and the index of each one's file.
    let places: [(name: String, file: Int)]

    init(_ path: String) throws(ModelFileError) {
        let tree = try JSONFile.read(path)
        guard let map = tree.uniqueMember("weight_map")?.members, !map.isEmpty else {
            throw ModelFileError(
                .badJSON, path: path, at: .key("weight_map"),
                "must be an object with the file of each tensor")
        }
        var names: Set<String> = []
        var files: Set<String> = []
        for member in map {
            guard names.insert(member.key).inserted else {
                throw ModelFileError(
                    .duplicateTensor, path: path, at: .tensor(member.key), "is listed twice")
            }
            guard let file = member.value.string else {
                throw ModelFileError(
                    .badJSON, path: path, at: .tensor(member.key), "must have a file's name")
            }
            if files.insert(file).inserted { try Self.check(file, member.key, path) }
        }
        guard files.count <= ModelFileLimits.splitParts else {
            throw ModelFileError(
                .tooLarge, path: path,
                "names \(files.count) files; at most \(ModelFileLimits.splitParts) are read")
        }
        let sorted = files.sorted()
        let numbers = Dictionary(
            uniqueKeysWithValues: sorted.enumerated().map { ($0.element, $0.offset) })
        self.files = sorted
        places = map.compactMap { member in
            member.value.string.flatMap { numbers[$0] }.map { (member.key, $0) }
        }
    }

    /// A file's name must be one in the list's own folder.
    private static func check(
        _ file: String, _ tensor: String, _ path: String
    ) throws(ModelFileError) {
        let isPlain =
            !file.contains { $0 == "/" || $0 == "\\" } && file.firstControl == nil
            && !file.hasPrefix(".") && file.utf8.count <= ModelFileLimits.safetensorsNameBytes
        guard isPlain else {
            throw ModelFileError(
                .badPath, path: path, at: .tensor(tensor),
                "is said to be in '\(file.prefix(80))', which is no name of a file in this folder")
        }
        guard file.hasSuffix(".safetensors") else {
            try PickleFiles.refuse(file)
            throw ModelFileError(
                .badPath, path: path, at: .tensor(tensor),
                "is said to be in '\(file.prefix(80))', which is no safetensors file")
        }
    }
}
