import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
    ///   - folder: where its temporary files go, and its stderr in a file `log`.
    func run(
        _ arguments: [String], output: FileHandle?, folder: String
    ) async throws(ModelStoreError) -> Int32 {
        let errors = folder + "/log"
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment.merging(["TMPDIR": folder]) { $1 }
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
                        if Task.isCancelled { Self.stop(process) }
                    } catch {
                        process.terminationHandler = nil
                        continuation.resume(throwing: error)
                    }
                }
            } onCancel: {
                Self.stop(process)
            }
        } catch {
            throw ModelStoreError(
                .toolFailed, "\(path) cannot be run: \(SystemReason.text(error)).")
        }
    }

    /// Kills: the thread that starts a program may have the gentler signals blocked, and the
    /// program inherits that.
    private static func stop(_ process: Process) {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The end of what a program wrote to its stderr.
    static func tail(in folder: String) -> String {
        let data = FileManager.default.contents(atPath: folder + "/log") ?? Data()
        let text = String(decoding: data.suffix(ModelStoreLimits.toolOutputBytes), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(4)
        return ForeignText.message(lines.joined(separator: "\n"))
    }
}
