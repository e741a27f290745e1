import Tensors

/// What a person can do so that a machine gives more to a model.
struct DoctorAdvice {
    /// The cores of the machine, and those that the scheduler may put this process on.
    var onlineCores = 1
    var affinityCores = 1
    /// The cores' worth of time that the control group allows; nil without a quota.
    var quota: Double?
    /// When the system gives huge pages; nil where it does not say.
    var hugePages: String?
    /// The share of a trial that lay in them; nil where the system does not say.
    var hugePageShare: Double?
    /// The cores near each node of memory.
    var nodes: [(number: Int, cores: String)] = []

    init() {}

    /// The facts of a machine.
    init(_ machine: MachineInfo, hugePageShare: Double?) {
        onlineCores = machine.onlineCores
        affinityCores = machine.affinityCores
        quota = machine.groupCPUs
        hugePages = machine.hugePages?.own
        self.hugePageShare = hugePageShare
        nodes = machine.memoryNodes.map { ($0.number, $0.cores) }
    }

    /// One line for each thing that could be better.
    var lines: [String] {
        [quotaLine, affinityLine, pagesLine, nodesLine].compactMap { $0 }
    }

    private var quotaLine: String? {
        guard let quota, quota < Double(affinityCores) else { return nil }
        guard quota >= 1 else {
            return "the cgroup quota of \(quota) cores stops the one thread for a part of the "
                + "time: ask for at least 1"
        }
        guard quota != quota.rounded(.down) else { return nil }
        return
            "the cgroup quota of \(quota) cores is rounded down to \(Int(quota)) threads, since a "
            + "thread that is stopped stops all: ask for a whole number"
    }

    private var affinityLine: String? {
        guard affinityCores < onlineCores else { return nil }
        return "this process may use \(affinityCores) of \(onlineCores) cores: taskset or its "
            + "container's cpuset says so"
    }

    private var pagesLine: String? {
        guard hugePages != "never" else {
            return "small pages are read a fifth slower: as root, echo madvise > "
                + "/sys/kernel/mm/transparent_hugepage/enabled"
        }
        // A few small pages at the ends are nothing.
        guard let hugePageShare, hugePageShare < 0.9 else { return nil }
        let percent = Int((hugePageShare * 100).rounded())
        return "the system had huge pages for \(percent) % of a trial, and small ones are read a "
            + "fifth slower: free memory, or as root, echo 1 > /proc/sys/vm/compact_memory"
    }

    private var nodesLine: String? {
        let nodes = nodes.filter { !$0.cores.isEmpty }
        guard nodes.count > 1, let first = nodes.first else { return nil }
        return "memory of another node is slower: run one process on each node, such as numactl "
            + "--cpunodebind=\(first.number) --membind=\(first.number) quire ..."
    }
}
