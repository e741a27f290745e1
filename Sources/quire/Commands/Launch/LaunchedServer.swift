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
            switch await probe.look() {
            case .ready(let model, let length):
                tellWarnings()
                return (model, length)
            case .keyed:
                throw ServeError(
                    "the server does not take the key that it was given, or another one listens "
                        + "at its port: \(log)")
            case .other:
                throw ServeError("another program listens at the port: give another --port")
            case .nothing, .loading: break
            }
            guard process.isRunning else {
                throw ServeError("the server has ended. It says:\n" + said)
            }
            try await Task.sleep(for: LaunchLimits.pause)
        }
    }

    /// The end of what it has written.
    private var said: String {
        let data = FileManager.default.contents(atPath: log) ?? Data()
        return ForeignText.message(
            String(decoding: data.suffix(LaunchLimits.logBytes), as: UTF8.self))
    }

    /// Says what a server says at its start but for where it is: afterwards the terminal is the
    /// client's.
    private func tellWarnings() {
        for line in said.split(whereSeparator: \.isNewline)
        where !line.hasPrefix("Listening") && !line.hasPrefix("Ready") {
            Terminal.note(String(line))
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
