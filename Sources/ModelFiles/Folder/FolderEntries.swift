import Foundation

/// What lies in a folder.
package enum FolderEntries {
    /// Whether a folder is there.
    package static func isFolder(_ path: String) -> Bool {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    /// The names of what is in a folder.
    static func names(_ path: String) throws(ModelFileError) -> Set<String> {
        do {
            return Set(try FileManager.default.contentsOfDirectory(atPath: path))
        } catch {
            throw ModelFileError(
                .unreadable, path: path, "cannot be listed: \(error.localizedDescription)")
        }
    }
}
