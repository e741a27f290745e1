import Foundation

/// The built command, run as a user runs it: its own process, a home of its own, no network.
struct QuireProcess {
    /// How a run ended and what it wrote.
    struct Outcome {
        /// The exit status; when `signalled`, the signal's number.
        let status: Int32
        /// Whether a signal ended it: a trap, a kill, a pipe that nobody handled.
        let signalled: Bool
        let stdout: String
        let stderr: String

        var succeeded: Bool { !signalled && status == 0 }

        /// The lines of stdout, each of which has to be one JSON object.
        func jsonLines() throws -> [[String: Any]] {
            try stdout.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                guard let fields = object as? [String: Any] else {
                    throw CocoaError(.propertyListReadCorrupt)
                }
                return fields
            }
        }
    }

    /// Products lie beside the test bundle.
    static let products = Bundle.module.bundleURL.deletingLastPathComponent()
    static let executable = products.appending(path: "quire")
    static let demoModel = products.appending(path: "quire_QuireKit.resources/Resources/demo.gguf")

    /// Runs the command to its end.
    ///
    /// - Parameters:
    ///   - arguments: after the command's name.
    ///   - input: what stdin holds; stdin is never a terminal here.
    ///   - interrupted: whether it gets an interrupt as soon as it has written something.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        interrupted: Bool = false
    ) throws -> Outcome {
        try run(
            executable, arguments, input: input, environment: environment,
            interrupted: interrupted)
    }

    /// Runs a line of shell in which `"$QUIRE"` is the command and `"$MODEL"` the demo model.
    static func shell(_ script: String) throws -> Outcome {
        try run(
            URL(filePath: "/bin/sh"), ["-c", script], input: "",
            environment: ["QUIRE": executable.path, "MODEL": demoModel.path], interrupted: false)
    }

    private static func run(
        _ program: URL, _ arguments: [String], input: String, environment: [String: String],
        interrupted: Bool
    ) throws -> Outcome {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let stdin = try scratch.write("stdin", input)
        let stdout = try scratch.write("stdout", "")
        let stderr = try scratch.write("stderr", "")
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = scratch.url
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        var variables = [
            "PATH": path, "HOME": scratch.url.path, "QUIRE_HOME": scratch.url.path,
        ]
        // The tests of a level are of the command at that level too.
        variables["QUIRE_ISA"] = ProcessInfo.processInfo.environment["QUIRE_ISA"]
        process.environment = variables.merging(environment) { _, given in given }
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = try FileHandle(forWritingTo: stdout)
        process.standardError = try FileHandle(forWritingTo: stderr)
        try startWithoutBlockedSignals(process)
        wait(for: process, interruptingAfter: interrupted ? stdout : nil)
        return Outcome(
            status: process.terminationStatus,
            signalled: process.terminationReason == .uncaughtSignal,
            stdout: String(decoding: try Data(contentsOf: stdout), as: UTF8.self),
            stderr: String(decoding: try Data(contentsOf: stderr), as: UTF8.self))
    }

    /// Starts a process. It would inherit the mask of this thread, and threads of a pool block all
    /// signals.
    private static func startWithoutBlockedSignals(_ process: Process) throws {
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// A run that hangs is ended after three minutes and then counts as signalled.
    private static func wait(for process: Process, interruptingAfter output: URL?) {
        let deadline = Date.now.addingTimeInterval(180)
        var waitsForOutput = output != nil
        while process.isRunning, Date.now < deadline {
            Thread.sleep(forTimeInterval: 0.002)
            if waitsForOutput, let output,
                let size = try? output.resourceValues(
                    forKeys: [.fileSizeKey]).fileSize, size > 0
            {
                process.interrupt()
                waitsForOutput = false
            }
        }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}
