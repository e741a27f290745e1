import Foundation

/// The files that a message names by `@path`: their texts stand in its place.
///
/// A name begins with `@` at the beginning of a word, so that an e-mail address is none, and ends
/// at a space; one with spaces stands between quotation marks: `@"my notes.txt"`.
enum AttachedFiles {
    /// What may stand before an `@` besides a space.
    private static let opening: Set<Character> = ["(", "[", "{", "<", "'", "\"", "`"]
    /// What ends a sentence rather than a file's name.
    private static let closing: Set<Character> = [
        ".", ",", ";", ":", "!", "?", ")", "]", "}", ">", "'", "\"", "`",
    ]

    /// A message with the texts of the files that it names.
    ///
    /// - Throws: `ChatRefusal`, for a file that is not there or holds no text.
    static func inserted(into message: String) throws(ChatRefusal) -> String {
        var result = ""
        var rest = message[...]
        var before: Character?
        var files = 0
        while let character = rest.first {
            let isStart = before.map { $0.isWhitespace || opening.contains($0) } ?? true
            if character == "@", isStart, let (path, length) = name(in: rest.dropFirst()) {
                files += 1
                guard files <= ChatLimits.attachedFiles else {
                    throw ChatRefusal(
                        "A message may name \(ChatLimits.attachedFiles) files at most. "
                            + "It was not sent.")
                }
                result += try text(of: path)
                rest = rest.dropFirst(1 + length)
                before = "@"
            } else {
                result.append(character)
                rest.removeFirst()
                before = character
            }
        }
        return result
    }

    /// The path that a text begins with and how many characters it takes there; nil: none.
    private static func name(in text: Substring) -> (path: String, length: Int)? {
        if text.first == "\"", let end = text.dropFirst().firstIndex(of: "\"") {
            let path = text[text.index(after: text.startIndex)..<end]
            guard !path.isEmpty, !path.contains(where: \.isNewline) else { return nil }
            return (String(path), path.count + 2)
        }
        var path = text.prefix { !$0.isWhitespace }
        while let last = path.last, closing.contains(last), !isThere(String(path)) {
            path.removeLast()
        }
        return path.isEmpty ? nil : (String(path), path.count)
    }

    private static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: expanded(path))
    }

    /// A path whose `~` is the person's own folder.
    static func expanded(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst()
    }

    private static func text(of name: String) throws(ChatRefusal) -> String {
        let advice =
            " The message was not sent (\u{2191} brings it back); "
            + "between two \"\"\" an @ names no file."
        do {
            let bytes = try bytes(of: expanded(name), atMost: ChatLimits.attachedBytes)
            let text = try TextInput.text(bytes, of: name, lossy: nil)
            return text.last?.isNewline == true ? String(text.dropLast()) : text
        } catch {
            throw ChatRefusal("\(error).\(advice)")
        }
    }

    /// All of a file that is one: a device or a pipe might never end.
    static func bytes(of path: String, atMost limit: Int) throws -> [UInt8] {
        let real = URL(filePath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: real)[.type]
        if let type = type as? FileAttributeType, type != .typeRegular {
            let kind = type == .typeDirectory ? "is a folder" : "is not a regular file"
            throw ChatRefusal("\(path) \(kind)")
        }
        let handle = try StandardStreams.open(path)
        let data: Data
        do {
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw UnreadableFile(path: path, reason: StandardStreams.reason(of: error))
        }
        guard data.count <= limit else {
            throw ChatRefusal("\(path) has more than \(limit >> 20) MiB")
        }
        return Array(data)
    }
}
