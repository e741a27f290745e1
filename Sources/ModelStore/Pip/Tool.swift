import Foundation

/// Runs a program of the user's.
struct Tool: Sendable {
    let path: String
    let environment: [String: String]

    /// Finds a program in the environment's `PATH`.
    init?(named name: String, environment: [String: String]) {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
        guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            return nil
        }
        self.path = path
        self.environment = environment
    }

    /// Runs it to its end and answers its status; cancelling stops it.
    ///
    /// - Parameters:
    ///   - output: where its stdout goes; nil: nowhere.
    ///   - errors: the file that its stderr goes to.
    func run(
        _ arguments: [String], output: FileHandle?, errors: String
    ) async throws(ModelStoreError) -> Int32 {
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: errors) ?? FileHandle.nullDevice
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    process.terminationHandler = { ended in
                        continuation.resume(returning: ended.terminationStatus)
                    }
                    do {
                        try process.run()
                    } catch {
                        process.terminationHandler = nil
                        continuation.resume(throwing: error)
                    }
                }
            } onCancel: {
                if process.isRunning { process.terminate() }
            }
        } catch {
            throw ModelStoreError(.toolFailed, "\(path) cannot be run: \(error)")
        }
    }

    /// The end of what a program wrote to its stderr.
    static func tail(_ path: String) -> String {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let text = String(decoding: data.suffix(ModelStoreLimits.toolOutputBytes), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(4)
        return lines.joined(separator: "\n")
    }
}
