/// The limits that Linux control groups (versions 1 and 2) set on this process.
///
/// A group is bound by its ancestors too, so every directory from the process's own up to the
/// mount is asked and the tightest limit counts. In a container the path in /proc/self/cgroup may
/// lie outside what is mounted; the root of the mount is then the container's own group.
struct ControlGroup: Equatable, Sendable {
    /// Cores' worth of time per unit of time; nil without a quota.
    var cpus: Double?

    /// Bytes of memory; nil without a limit.
    var memory: Int?

    /// Bytes of memory that the group uses now and cannot give back at once, where the limit was
    /// found. Pages of files are counted by the group and dropped when memory is needed.
    var memoryUsed: Int?

    /// The limits of this process.
    static func current() -> ControlGroup {
        ControlGroup(membership: SmallFile.read("/proc/self/cgroup") ?? "", read: SmallFile.read)
    }

    /// `membership`: the text of /proc/self/cgroup; `read`: the text of a file, if there is one.
    init(membership: String, read: (String) -> String?) {
        for line in membership.split(separator: "\n") {
            // hierarchy:controllers:path, the controllers empty in version 2
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            if controllers.isEmpty {
                for group in Self.ancestors(of: fields[2], under: "/sys/fs/cgroup") {
                    limit(cpus: Self.version2CPUs(read(group + "/cpu.max")))
                    limit(
                        memory: Self.integer(read(group + "/memory.max")),
                        used: Self.used(
                            read(group + "/memory.current"),
                            statistics: read(group + "/memory.stat"),
                            prefix: ""))
                }
            }
            if controllers.contains("cpu") {
                for mount in ["cpu", "cpu,cpuacct"] {
                    for group in Self.ancestors(of: fields[2], under: "/sys/fs/cgroup/" + mount) {
                        let quota = Self.integer(read(group + "/cpu.cfs_quota_us"))
                        let period = Self.integer(read(group + "/cpu.cfs_period_us"))
                        limit(cpus: Self.cpus(quota: quota, period: period))
                    }
                }
            }
            if controllers.contains("memory") {
                for group in Self.ancestors(of: fields[2], under: "/sys/fs/cgroup/memory") {
                    limit(
                        memory: Self.integer(read(group + "/memory.limit_in_bytes")),
                        used: Self.used(
                            read(group + "/memory.usage_in_bytes"),
                            statistics: read(group + "/memory.stat"), prefix: "total_"))
                }
            }
        }
    }

    /// The bytes in use without those of files, which memory.stat lists by name. In version 1 the
    /// names of what a group and those below it have begin with `total_`.
    private static func used(_ usage: String?, statistics: String?, prefix: String) -> Int? {
        guard let usage = integer(usage) else { return nil }
        var files = 0
        for line in (statistics ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, let bytes = Int(fields[1]) else { continue }
            if ["inactive_file", "active_file"].contains(where: { fields[0] == prefix + $0 }) {
                files += bytes
            }
        }
        return max(0, usage - files)
    }

    private mutating func limit(cpus new: Double?) {
        guard let new else { return }
        cpus = min(cpus ?? new, new)
    }

    private mutating func limit(memory new: Int?, used: Int?) {
        // Version 1 writes "no limit" as a number near 2^63.
        guard let new, new < 1 << 60, new < memory ?? .max else { return }
        memory = new
        memoryUsed = used
    }

    /// The directories of a group and its ancestors, the mount's root last.
    static func ancestors(of path: Substring, under mount: String) -> [String] {
        var names = path.split(separator: "/")
        var directories: [String] = []
        while true {
            directories.append(mount + names.map { "/" + $0 }.joined())
            if names.popLast() == nil { return directories }
        }
    }

    /// cpu.max: "max 100000" or "150000 100000".
    private static func version2CPUs(_ text: String?) -> Double? {
        guard let fields = text?.split(whereSeparator: \.isWhitespace), fields.count == 2 else {
            return nil
        }
        return cpus(quota: Int(fields[0]), period: Int(fields[1]))
    }

    private static func cpus(quota: Int?, period: Int?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return Double(quota) / Double(period)
    }

    private static func integer(_ text: String?) -> Int? {
        text.flatMap { Int($0.split(whereSeparator: \.isWhitespace).first ?? "") }
    }
}
