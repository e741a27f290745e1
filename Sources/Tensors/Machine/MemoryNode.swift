/// A node of memory: what some cores reach faster than the others do.
package struct MemoryNode: Hashable, Sendable {
    /// The system's number of it.
    package let number: Int

    /// The cores near it, such as `0-15`; empty for memory without cores.
    package let cores: String

    /// Its memory in bytes, 0 if unknown.
    package let bytes: Int

    /// The nodes that Linux tells of.
    static func all(read: (String) -> String?) -> [MemoryNode] {
        let folder = "/sys/devices/system/node/"
        return numbers(read(folder + "online") ?? "").map { number in
            let node = folder + "node\(number)/"
            let cores = (read(node + "cpulist") ?? "").filter { !$0.isWhitespace }
            let bytes = MachineInfo.kibibytes(
                "Node \(number) MemTotal", of: read(node + "meminfo") ?? "")
            return MemoryNode(number: number, cores: cores, bytes: bytes ?? 0)
        }
    }

    /// The numbers of a list such as `0-1,4`; those up to the first that cannot be.
    static func numbers(_ list: String) -> [Int] {
        var numbers: [Int] = []
        for part in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            let ends = part.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
                last < TensorLimits.memoryNodes
            else { break }
            numbers += first...last
        }
        return numbers
    }
}
