import Foundation
import ModelStore
import Serving

/// A server that `quire launch` starts for its client, and that ends with it.
struct LaunchedServer {
    private let process: Process
    /// Where what it has to say is written.
    let log: String

    /// Starts one in a process of its own, which ends when this one's number ends: that of the
    /// client, later.
    ///
    /// - Parameter arguments: what `quire serve` is told.
    init(_ arguments: [String], environment: [String: String]) throws {
        let folder = StateFolder.path(environment)
        log = folder + "/serve.log"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard
            FileManager.default.createFile(
                atPath: log, contents: nil, attributes: [.posixPermissions: 0o600]),
            let output = FileHandle(forWritingAtPath: log)
        else { throw ServeError("\(log) cannot be written") }
        let process = Process()
        process.executableURL =
            Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments =
            ["serve"] + arguments + ["--parent=\(ProcessInfo.processInfo.processIdentifier)"]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        self.process = process
    }

    /// Waits until it answers.
    ///
    /// - Throws: `ServeError` with its own words, where it has ended.
    func ready(_ probe: ServerProbe) async throws -> (model: String, contextLength: Int?) {
        while true {
            if case .ready(let model, let length) = await probe.look() { return (model, length) }
            guard process.isRunning else {
                let data = FileManager.default.contents(atPath: log) ?? Data()
                let text = String(decoding: data.suffix(LaunchLimits.logBytes), as: UTF8.self)
                throw ServeError("the server has ended. It says:\n" + ForeignText.message(text))
            }
            try await Task.sleep(for: LaunchLimits.pause)
        }
    }
}

/// The bounds of launches.
enum LaunchLimits {
    /// The time between two looks at whether a server is ready.
    static let pause = Duration.milliseconds(100)
    /// Bytes of a server's last words that are shown.
    static let logBytes = 4096
    /// Tokens of the smallest context that Claude Code can be told; it warns of others.
    static let claudeWindow = 100_000
    /// Seconds between two looks at whether the client is there.
    static let watch = 0.5
}
