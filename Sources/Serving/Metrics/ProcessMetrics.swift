import Foundation

/// What the system says of this process; what it does not say is left out.
enum ProcessMetrics {
    static func write(to out: inout PrometheusText) {
        if let bytes = residentBytes {
            out.metric(
                "process_resident_memory_bytes", .gauge,
                "Memory that is resident, the touched pages of mapped files included.", [],
                Double(bytes))
        }
        if let seconds = startTime {
            out.metric(
                "process_start_time_seconds", .gauge, "When the process began, since 1970.", [],
                seconds)
        }
    }

    private static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    private static var residentBytes: Int? {
        guard let fields = read("/proc/self/statm")?.split(separator: " "), fields.count > 1,
            let pages = Int(fields[1])
        else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Read once: it does not change.
    private static let startTime: Double? = {
        // The name of the program, in parentheses, may hold spaces; 19 fields after it comes the
        // time since the machine's start, in ticks.
        guard let stat = read("/proc/self/stat"), let name = stat.lastIndex(of: ")"),
            let boot = read("/proc/stat")?.split(separator: "\n")
                .first(where: { $0.hasPrefix("btime ") })?.dropFirst(6),
            let start = Double(boot)
        else { return nil }
        let fields = stat[name...].split(separator: " ").dropFirst()
        guard fields.count > 19, let ticks = Double(fields[fields.startIndex + 19]) else {
            return nil
        }
        return start + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()
}
