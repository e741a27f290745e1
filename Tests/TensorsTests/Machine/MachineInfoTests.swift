import Testing

@testable import Tensors

@Test func `version 2 limits are the tightest from the group to the root`() {
    let files = [
        "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/a/cpu.max": "150000 100000\n",
        "/sys/fs/cgroup/cpu.max": "400000 100000\n",
        "/sys/fs/cgroup/a/b/memory.max": "max\n",
        "/sys/fs/cgroup/a/memory.max": "1073741824\n",
        "/sys/fs/cgroup/a/memory.current": "73741824\n",
    ]
    let group = ControlGroup(membership: "0::/a/b\n") { files[$0] }
    #expect(group.cpus == 1.5)
    #expect(group.memory == 1 << 30)
    #expect(group.memoryUsed == 73_741_824)
}

@Test func `version 1 limits are found in a container whose path is not mounted`() {
    let files = [
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes": "12345\n",
    ]
    let membership = "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n2:pids:/docker/x\n"
    let group = ControlGroup(membership: membership) { files[$0] }
    #expect(group.cpus == 0.5)
    #expect(group.memory == nil)
}

@Test func `pages of files in a group are memory that it can give back`() {
    let statistics = "anon 300\ninactive_file 200\nactive_file 100\nfile 9999\n"
    let two = [
        "/sys/fs/cgroup/a/memory.max": "1000\n", "/sys/fs/cgroup/a/memory.current": "700\n",
        "/sys/fs/cgroup/a/memory.stat": statistics,
    ]
    #expect(ControlGroup(membership: "0::/a\n") { two[$0] }.memoryUsed == 400)
    let one = [
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "1000\n",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes": "700\n",
        "/sys/fs/cgroup/memory/memory.stat":
            "inactive_file 1\ntotal_inactive_file 250\ntotal_active_file 150\n",
    ]
    #expect(ControlGroup(membership: "4:memory:/x\n") { one[$0] }.memoryUsed == 300)
}

@Test(arguments: ["", "nonsense", "0::", "::::", "1:cpu", "0::/a\n0::/\n"])
func `strange memberships set no limit`(_ membership: String) {
    #expect(ControlGroup(membership: membership) { _ in "junk junk junk" } == ControlGroup())
    #expect(ControlGroup(membership: membership) { _ in nil } == ControlGroup())
}

extension ControlGroup {
    init(cpus: Double? = nil, memory: Int? = nil, memoryUsed: Int? = nil) {
        self.init(membership: "") { _ in nil }
        self.cpus = cpus
        self.memory = memory
        self.memoryUsed = memoryUsed
    }
}

@Test func `usable cores are those of the affinity within the quota`() {
    let files = [
        "/proc/self/status": "Name:\tquire\nCpus_allowed:\t00000000,000000f3\n",
        "/proc/cpuinfo": "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: x\n",
        "/proc/meminfo": "MemTotal:       2048 kB\nMemAvailable:    1024 kB\n",
    ]
    for (quota, usable) in [(nil, 6), (0.5, 1), (2.9, 2), (6, 6), (64, 6)] as [(Double?, Int)] {
        let info = MachineInfo(group: ControlGroup(cpus: quota)) { files[$0] }
        #expect(info.affinityCores == 6)
        #expect(info.usableCores == usable)
        #expect(info.cpuModel == "Some CPU @ 2 GHz")
        #expect(info.totalMemory == 2 << 20)
        #expect(info.availableMemory == 1 << 20)
    }
    let group = ControlGroup(memory: 700_000, memoryUsed: 100_000)
    #expect(MachineInfo(group: group) { files[$0] }.availableMemory == 600_000)
}

@Test func `huge pages, nodes and affinity are what the system says of them`() {
    let files = [
        "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
        "/sys/kernel/mm/transparent_hugepage/shmem_enabled": "always within_size advise [never]\n",
        "/proc/self/status": "Cpus_allowed:\tf\nCpus_allowed_list:\t0-3\n",
        "/sys/devices/system/node/online": "0,2-3\n",
        "/sys/devices/system/node/node0/cpulist": "0-1\n",
        "/sys/devices/system/node/node0/meminfo": "Node 0 MemTotal:       4 kB\nNode 0 x: 1 kB\n",
        "/sys/devices/system/node/node2/cpulist": "2-3\n",
        "/sys/devices/system/node/node2/meminfo": "Node 2 MemTotal:       8 kB\n",
    ]
    let info = MachineInfo(group: ControlGroup()) { files[$0] }
    #expect(info.hugePages?.own == "madvise" && info.hugePages?.shared == "never")
    #expect(info.affinity == "0-3" && info.affinityCores == 4)
    #expect(info.memoryNodes.map(\.number) == [0, 2, 3])
    #expect(info.memoryNodes.map(\.cores) == ["0-1", "2-3", ""])
    #expect(info.memoryNodes.map(\.bytes) == [4096, 8192, 0])
    let bare = MachineInfo(group: ControlGroup()) { _ in nil }
    #expect(bare.hugePages == nil && bare.memoryNodes.isEmpty && bare.affinity == nil)
}

@Test(arguments: [
    ("0", [0]), ("0-2", [0, 1, 2]), ("1,3-4", [1, 3, 4]), ("", []), ("x", []), ("0-x", []),
    ("2-1", []), ("0,1-", [0, 1]), ("0-99999999999", []), ("-", []),
])
func `lists of numbers are read as far as they are lists`(list: String, numbers: [Int]) {
    #expect(MemoryNode.numbers(list) == numbers)
}

@Test func `this machine has cores and memory`() {
    let info = MachineInfo.current()
    #expect(info.usableCores >= 1 && info.usableCores <= info.onlineCores)
    #expect(info.isa == ISALevel.active)
    #if os(Linux)
        #expect(info.totalMemory > 0 && info.availableMemory <= info.totalMemory)
    #endif
    #expect(WorkerPool().threads == info.usableCores)
}

@Test func `memory is read at some speed`() throws {
    #expect(try BandwidthProbe.read(threads: 1) > 0.05)
}
