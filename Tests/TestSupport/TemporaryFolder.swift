import Foundation

/// A folder for one test, removed with everything in it when the test lets go of it.
package final class TemporaryFolder {
    /// The folder's path.
    package let path: String

    /// Makes an empty folder.
    package init() throws {
        path = NSTemporaryDirectory() + "/quire-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and gives its path.
    package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}
