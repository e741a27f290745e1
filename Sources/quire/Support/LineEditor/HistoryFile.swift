import Foundation
import Tensors

/// The file that keeps prompts from one session to the next: one in each line, a backslash before
/// `n` and before a backslash standing for a line break and for itself.
struct HistoryFile {
    let path: String

    /// The file of the environment: `$QUIRE_HISTORY`, or else `history` in `$QUIRE_HOME`, in
    /// `$XDG_STATE_HOME/quire` or in `~/.local/state/quire`.
    ///
    /// - Returns: nil where `QUIRE_HISTORY` is `off` or empty: nothing is kept.
    init?(environment: [String: String]) {
        if let told = environment["QUIRE_HISTORY"] {
            guard !told.isEmpty, told != "off" else { return nil }
            path = told
        } else {
            path = StateFolder.path(environment) + "/history"
        }
    }

    /// The prompts that are kept, oldest first; none where there is no file that can be read.
    func load() -> [String] {
        read() ?? []
    }

    /// Nil where the file is larger than any of ours: it is not a history of ours.
    private func read() -> [String]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        let data = try? handle.read(upToCount: LineEditorLimits.historyBytes + 1)
        guard let data else { return [] }
        guard data.count <= LineEditorLimits.historyBytes else { return nil }
        return Self.decode(String(decoding: data, as: UTF8.self))
    }

    /// Adds a prompt to what other sessions have kept by now. An entry that cannot be kept is
    /// dropped without an error.
    func append(_ line: String) {
        guard line.utf8.count <= LineEditorLimits.historyEntryBytes else { return }
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        // Another process may replace the file between opening and locking it.
        for _ in 0..<LineEditorLimits.historyAttempts {
            guard let file = try? LockedFile(path: path + ".new") else {
                Thread.sleep(forTimeInterval: 0.005)
                continue
            }
            guard file.isInPlace else { continue }
            defer { file.remove() }
            guard let kept = read() else { return }
            var history = LineHistory(kept)
            guard history.append(line) else { return }
            do {
                try file.truncate(to: 0)
                try file.write(Array(Self.encode(history.lines).utf8), at: 0)
                try file.replaceFile(at: path)
            } catch {}
            return
        }
    }

    /// As many of the newest lines as the file may hold.
    static func encode(_ lines: [String]) -> String {
        var kept: [String] = []
        var room = LineEditorLimits.historyBytes
        for line in lines.reversed() {
            let escaped = line.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") + "\n"
            room -= escaped.utf8.count
            guard room >= 0 else { break }
            kept.append(escaped)
        }
        return kept.reversed().joined()
    }

    /// The lines of a file, without what could command a terminal.
    static func decode(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            var decoded = ""
            var isEscaped = false
            for character in line {
                if isEscaped {
                    decoded.append(character == "n" ? "\n" : character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else {
                    decoded.append(character)
                }
            }
            return EditedLine.clean(decoded)
        }
    }
}
