import Foundation

/// What the operating system says about the memory of this process.
package enum ProcessMemory {
    /// Most bytes that were resident at any time so far; nil where the system does not say.
    package static func peakResident() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return nil
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1_024 }
    }
}
