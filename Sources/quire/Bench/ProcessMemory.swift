import Foundation

/// What the process occupies, as the system counts it; nil where it does not say.
enum ProcessMemory {
    /// Bytes that are resident now, the touched pages of mapped files included.
    static var resident: Int? { field("VmRSS") }

    /// The most bytes that were resident since the start, or since `resetPeak`.
    static var peak: Int? { field("VmHWM") }

    /// Bytes of the process's own that lie in huge pages now.
    static var huge: Int? { field("AnonHugePages", of: "/proc/self/smaps_rollup") }

    /// Lets the peak start over, where the system can do that (Linux).
    static func resetPeak() {
        guard let handle = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        // Where it is refused, the peak is that of the whole process: too large, never too small.
        try? handle.write(contentsOf: Data("5".utf8))
        try? handle.close()
    }

    private static func field(
        _ name: String, of path: String = "/proc/self/status"
    ) -> Int? {
        guard let status = try? String(contentsOfFile: path, encoding: .utf8)
        else { return nil }
        for line in status.split(separator: "\n") where line.hasPrefix(name + ":") {
            let digits = line.drop { !$0.isNumber }.prefix(while: \.isNumber)
            return Int(digits).map { $0 * 1024 }
        }
        return nil
    }
}
