import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Another program in the place of this one: same process, same terminal, so that signals, job
/// control and the exit code are its own.
enum Replacement {
    /// The path of a program that `PATH` knows; nil: it knows none.
    static func path(of program: String, _ environment: [String: String]) -> String? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }
            // A folder may be entered, and is no program.
            .first {
                FileManager.default.isExecutableFile(atPath: $0)
                    && !FileManager.default.fileExists(atPath: $0 + "/.")
            }
    }

    /// The descriptors that are open. Those from before this program did anything are the next
    /// one's too; a shell may have opened them for it.
    static func descriptors() -> Set<Int32> {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")
        // The one that lists them is closed by now.
        return Set((names ?? []).compactMap { Int32($0) }.filter { fcntl($0, F_GETFD) >= 0 })
    }

    /// Runs a plan instead of this program; returns only where that fails.
    ///
    /// - Parameter inherited: the descriptors that the plan's program gets.
    static func run(
        _ path: String, _ plan: LaunchPlan, extra: [String], inherited: Set<Int32>
    ) throws -> Never {
        for descriptor in descriptors().subtracting(inherited) {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        for name in plan.unset { unsafe unsetenv(name) }
        for (name, value) in plan.variables { unsafe setenv(name, value, 1) }
        // A program inherits what is blocked, which for a thread of a pool is everything, and what
        // is ignored.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
        signal(SIGPIPE, SIG_DFL)
        var words = unsafe ([plan.program] + plan.arguments + extra).map { unsafe strdup($0) }
        unsafe words.append(nil)
        unsafe execv(path, words)
        let reason = NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
        throw ServeError("\(path) cannot be run: \(StandardStreams.reason(of: reason))")
    }
}
