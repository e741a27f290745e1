#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine gives to this process: what `quire doctor` shows and defaults are made of.
package struct MachineInfo: Sendable {
    /// The processor's name, where the system tells it.
    package let cpuModel: String?

    /// The cores that are online.
    package let onlineCores: Int

    /// The cores that the scheduler may put this process on.
    package let affinityCores: Int

    /// Which these are, such as `0-3,8`; nil where the system does not say.
    package let affinity: String?

    /// The cores' worth of time that the control group allows; nil without a quota.
    package let groupCPUs: Double?

    /// The machine's memory in bytes, 0 if unknown.
    package let totalMemory: Int

    /// The bytes that can be allocated without swapping, within the control group and the address
    /// space; 0 if unknown.
    package let availableMemory: Int

    /// The bytes that the control group allows; nil without a limit.
    package let groupMemory: Int?

    /// When the system gives huge pages; nil where it does not say.
    package let hugePages: HugePagePolicy?

    /// The nodes of memory, each with the cores that are near it; empty where the system does not
    /// say.
    package let memoryNodes: [MemoryNode]

    /// The kernels in use.
    package let isa: ISALevel

    /// Why they are.
    package let isaReason: String

    /// The threads that can run at once: the affinity's cores within the quota, at least 1.
    package var usableCores: Int {
        let quota = groupCPUs.map { Int(min($0, Double(affinityCores))) } ?? affinityCores
        return max(1, min(affinityCores, quota))
    }

    /// Asks the system. A few reads of small files.
    package static func current() -> MachineInfo {
        MachineInfo(group: ControlGroup.current(), read: SmallFile.read)
    }

    init(group: ControlGroup, read: (String) -> String?) {
        cpuModel = Self.field("model name", of: read("/proc/cpuinfo") ?? "").map { String($0) }
        onlineCores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        affinity = Self.field("Cpus_allowed_list", of: read("/proc/self/status") ?? "")
            .map { String($0) }
        affinityCores = Self.affinity(read("/proc/self/status") ?? "") ?? onlineCores
        groupCPUs = group.cpus
        groupMemory = group.memory
        let memory = read("/proc/meminfo") ?? ""
        totalMemory = Self.kibibytes("MemTotal", of: memory) ?? Self.pages(_SC_PHYS_PAGES)
        let free = Self.kibibytes("MemAvailable", of: memory) ?? Self.unusedPages
        availableMemory = min(
            free, group.memory.map { max(0, $0 - (group.memoryUsed ?? 0)) } ?? free,
            AddressSpace(read: read)?.left ?? free)
        hugePages = HugePagePolicy(read: read)
        memoryNodes = MemoryNode.all(read: read)
        isa = ISALevel.active
        isaReason = ISALevel.reason
    }

    /// The value after the first "name :" of a text of lines.
    static func field(_ name: String, of text: String) -> Substring? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
            if !value.isEmpty { return value }
        }
        return nil
    }

    /// What the system says where /proc is not there: bytes of memory, cached files aside.
    private static var unusedPages: Int {
        #if canImport(Glibc)
            pages(_SC_AVPHYS_PAGES)
        #else
            pages(_SC_PHYS_PAGES) / 2
        #endif
    }

    #if canImport(Glibc)
        private typealias Setting = Int
    #else
        private typealias Setting = Int32
    #endif

    private static func pages(_ setting: Setting) -> Int {
        max(0, Int(sysconf(Int32(setting)))) * max(0, Int(sysconf(Int32(_SC_PAGESIZE))))
    }

    static func kibibytes(_ name: String, of text: String) -> Int? {
        field(name, of: text)
            .flatMap { Int($0.prefix(while: \.isNumber)) }
            .flatMap { value in
                let (bytes, overflow) = value.multipliedReportingOverflow(by: 1024)
                return overflow ? nil : bytes
            }
    }

    /// The number of bits of the mask that sched_getaffinity reports: hexadecimal words, commas.
    private static func affinity(_ status: String) -> Int? {
        guard let mask = field("Cpus_allowed", of: status) else { return nil }
        let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : nil
    }
}
