package import QuireJSON

/// The small JSON files beside a model's weights.
package enum JSONFile {
    /// Reads a file as a tree; at most `ModelFileLimits.jsonBytes`.
    package static func read(_ path: String) throws(ModelFileError) -> JSONValue {
        try parse(try bytes(path), path: path)
    }

    /// The bytes of a file of at most `limit`.
    package static func bytes(
        _ path: String, limit: Int = ModelFileLimits.jsonBytes
    ) throws(ModelFileError) -> [UInt8] {
        let part = try FilePart.mapping(path)
        guard part.byteCount <= limit else {
            throw ModelFileError(
                .tooLarge, path: path,
                "has \(part.byteCount) bytes; at most \(limit) are read of such a file")
        }
        var bytes: [UInt8] = []
        try part.copy(0..<part.byteCount, appendingTo: &bytes)
        return bytes
    }

    /// Reads bytes as a tree; `path` stands for them in errors.
    package static func parse(
        _ bytes: [UInt8], path: String
    ) throws(ModelFileError) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes, path: path)
        } catch {
            throw ModelFileError(
                error.code == .tooLarge ? .tooLarge : .badJSON, path: path,
                at: .offset(error.offset), error.message)
        }
    }
}

extension JSONValue {
    /// The member of an object; nil if there is none, or more than one.
    func uniqueMember(_ key: String) -> JSONValue? {
        guard let found = members?.filter({ $0.key == key }), found.count == 1 else { return nil }
        return found[0].value
    }
}
