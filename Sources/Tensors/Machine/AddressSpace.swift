#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The addresses that the process may use, where they are limited (`ulimit -v`).
package struct AddressSpace: Equatable, Sendable {
    /// Bytes that it may use.
    package let limit: Int
    /// Bytes that it uses, whether there is memory behind them or not.
    package let used: Int

    /// Bytes that it may still use.
    package var left: Int { max(0, limit - used) }

    /// Makes a value.
    package init(limit: Int, used: Int) {
        self.limit = limit
        self.used = used
    }

    /// The limit of this process; nil where there is none, or the system does not say.
    package static func current() -> AddressSpace? { AddressSpace(read: SmallFile.read) }

    init?(read: (String) -> String?) {
        let name = "Max address space"
        let lines = (read("/proc/self/limits") ?? "").split(separator: "\n")
        // Max address space  SOFT  HARD  bytes
        guard let line = lines.first(where: { $0.hasPrefix(name) }),
            let word = line.dropFirst(name.count).split(separator: " ").first,
            let limit = Int(word)
        else { return nil }
        let pages = read("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) }
        self.init(limit: limit, used: (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))))
    }
}
