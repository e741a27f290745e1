import Foundation
import Simulation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A process of this program that runs chaos scripts, one after another: a broken invariant ends it
/// and not this one.
final class ChaosWorker {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    /// Starts one.
    init() throws {
        process.executableURL =
            Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["simulate", "chaos", "--worker"]
        var environment = ProcessInfo.processInfo.environment
        // What it says of its end is not read, and takes a second to be made.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    /// Has it run a task; nil when it ended or was ended because it took too long.
    func run(_ task: ChaosTask) -> String? {
        let process = process
        let alarm = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + ChaosLimits.patience, execute: alarm)
        defer { alarm.cancel() }
        // A process that is gone does not read: the pipe is broken then, which is an error here.
        guard (try? input.fileHandleForWriting.write(contentsOf: Data(task.lines.utf8))) != nil
        else { return nil }
        return line()
    }

    /// How it ended, in words.
    var end: String {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            ? "signal \(process.terminationStatus)" : "code \(process.terminationStatus)"
    }

    private func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer.removeSubrange(buffer.startIndex...end)
                return line
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            buffer.append(more)
        }
    }
}

/// Runs tasks in a worker, and in a new one when that has died of the last.
final class ChaosPool {
    private var worker: ChaosWorker?

    /// A pool without a worker.
    init() {
        // Who writes to a worker that has died gets an error, and no signal.
        signal(SIGPIPE, SIG_IGN)
    }

    /// What a task came to.
    ///
    /// - Throws: when no process can be started, and for a script that says what cannot be.
    func run(_ task: ChaosTask) throws -> ChaosReply {
        let worker = try self.worker ?? ChaosWorker()
        self.worker = worker
        guard let line = worker.run(task) else {
            self.worker = nil
            return ChaosReply(died: "the process ended with \(worker.end)")
        }
        guard let reply = ChaosReply(line: line) else {
            throw UnusableScript(reason: line)
        }
        return reply
    }
}

/// A script that cannot be run.
struct UnusableScript: Error, CustomStringConvertible {
    let reason: String

    var description: String { Terminal.plain(reason) }
}

/// The bounds of `quire simulate chaos`.
enum ChaosLimits {
    /// Seconds after which a run is taken to hang; the longest takes a hundredth of one.
    static let patience = 60.0
    /// Seeds that are tried for a planted bug.
    static let plantedSeeds = 400
    /// Seeds from which on a state that none has reached is a failure.
    static let completeSeeds = 200
    /// Seeds of one command.
    static let seeds = 100_000_000
}
