import ArgumentParser
import ModelFiles
import ModelStore
import QuireModels
import Tensors

/// What `quire doctor` found.
struct DoctorReport: Encodable {
    /// An installed model.
    struct Model: Encodable {
        let name: String
        let bytes: Int
        /// The most tokens a second that one request can get: bandwidth by weights.
        var decodeLimit: Double?
        /// Why the model does not run.
        var problem: String?

        private enum CodingKeys: String, CodingKey {
            case name, bytes, problem
            case decodeLimit = "decode_limit"
        }
    }

    let version = Quire.configuration.version
    let cpu: String?
    let onlineCores: Int
    let usableCores: Int
    let affinity: String?
    let cgroupCores: Double?
    /// Threads that compute unless --threads says otherwise.
    let defaultThreads: Int
    let isa: String
    let isaReason: String
    let isaAvailable: [String]
    let memoryBytes: Int
    let memoryAvailableBytes: Int
    let cgroupMemoryBytes: Int?
    /// When the system gives huge pages to memory of the process's own, and to shared memory.
    let hugePages: String?
    let sharedHugePages: String?
    /// The share that lies in them of memory that was reserved as weights and KV cache are.
    let hugePageShare: Double?
    /// The nodes of memory.
    let memoryNodes: [Node]
    /// 10^9 bytes a second that all usable cores read together.
    let bandwidthGBps: Double
    let modelFolder: String
    let models: [Model]
    /// What could be better, each with the way to it.
    let advice: [String]

    private enum CodingKeys: String, CodingKey {
        case version, cpu, affinity, isa, models, advice
        case onlineCores = "online_cores"
        case usableCores = "usable_cores"
        case cgroupCores = "cgroup_cores"
        case defaultThreads = "default_threads"
        case isaReason = "isa_reason"
        case isaAvailable = "isa_available"
        case memoryBytes = "memory_bytes"
        case memoryAvailableBytes = "memory_available_bytes"
        case cgroupMemoryBytes = "cgroup_memory_bytes"
        case hugePages = "huge_pages"
        case sharedHugePages = "shared_huge_pages"
        case hugePageShare = "huge_page_share"
        case memoryNodes = "memory_nodes"
        case bandwidthGBps = "bandwidth_gb_s"
        case modelFolder = "model_folder"
    }

    /// A node of memory.
    struct Node: Encodable {
        let number: Int
        let cores: String
        let bytes: Int
    }

    init() throws {
        let machine = MachineInfo.current()
        cpu = machine.cpuModel
        onlineCores = machine.onlineCores
        usableCores = machine.usableCores
        affinity = machine.affinity
        cgroupCores = machine.groupCPUs
        defaultThreads = WorkerPool.defaultThreads
        isa = machine.isa.rawValue
        isaReason = machine.isaReason
        isaAvailable = ISALevel.available.map(\.rawValue)
        memoryBytes = machine.totalMemory
        memoryAvailableBytes = machine.availableMemory
        cgroupMemoryBytes = machine.groupMemory
        hugePages = machine.hugePages?.own
        sharedHugePages = machine.hugePages?.shared
        memoryNodes = machine.memoryNodes.map {
            Node(number: $0.number, cores: $0.cores, bytes: $0.bytes)
        }
        let reading = try BandwidthProbe.reading(threads: machine.usableCores)
        hugePageShare = reading.hugeShare.map { ($0 * 1000).rounded() / 1000 }
        advice = DoctorAdvice(machine, hugePageShare: reading.hugeShare).lines
        let bandwidth = reading.rates.most
        bandwidthGBps = (bandwidth * 10).rounded() / 10
        let store = ModelStore()
        modelFolder = store.folder
        models = try store.installed().map { Self.examine($0, bandwidth: bandwidth) }
    }

    private static func examine(_ installed: InstalledModel, bandwidth: Double) -> Model {
        var model = Model(name: installed.name, bytes: installed.byteCount)
        do {
            let loaded = try CPUModel(try GGUFFile.open(installed.path), form: .file)
            let limit = bandwidth * 1e9 / Double(loaded.bytesPerToken)
            model.decodeLimit = (limit * 10).rounded() / 10
        } catch {
            model.problem = "\(error)"
        }
        return model
    }

    /// The report for a person.
    var lines: [String] {
        var lines = [
            "cpu        \(cpu.map(Terminal.plain) ?? "unknown")",
            "cores      \(usableCores) usable of \(onlineCores)"
                + (affinity.map { ", affinity \(Terminal.plain($0))" } ?? "")
                + (cgroupCores.map { ", cgroup quota \($0)" } ?? ", no cgroup quota")
                + "; \(defaultThreads) threads by default",
            "kernels    \(isaReason); available: \(isaAvailable.joined(separator: ", "))",
            "memory     \(Sizes.bytes(memoryAvailableBytes)) available of "
                + Sizes.bytes(memoryBytes)
                + (cgroupMemoryBytes.map { ", cgroup limit \(Sizes.bytes($0))" }
                    ?? ", no cgroup limit"),
            "pages      \(pages)",
            "nodes      \(nodes)",
            "bandwidth  \(bandwidthGBps) GB/s read by \(usableCores) threads",
        ]
        lines += advice.map { "advice     " + $0 }
        guard !models.isEmpty else {
            lines.append(
                "models     none in \(Terminal.plain(modelFolder)); bring one: "
                    + "quire pull gemma-3-270m")
            return lines
        }
        lines.append("models     \(models.count) in \(Terminal.plain(modelFolder))")
        var table = TextTable([("  NAME", .left), ("SIZE", .right), ("", .left)])
        for model in models {
            let verdict =
                model.decodeLimit.map { "at most \($0) tokens/s a request" }
                ?? Terminal.plain(model.problem ?? "")
            table.append([
                "  " + Terminal.plain(model.name), Sizes.bytes(model.bytes), verdict,
            ])
        }
        return lines + table.lines.dropFirst()
    }

    /// The line on huge pages.
    private var pages: String {
        guard let hugePages else { return "the system does not say when it gives huge ones" }
        let share = hugePageShare.map { ", \(Int(($0 * 100).rounded())) % of a trial in huge ones" }
        return "huge ones: \(Terminal.plain(hugePages))"
            + (sharedHugePages.map { ", shared memory: \(Terminal.plain($0))" } ?? "")
            + (share ?? "")
    }

    /// The line on the nodes of memory.
    private var nodes: String {
        guard memoryNodes.count > 1 else {
            return memoryNodes.isEmpty ? "unknown" : "1: all memory is equally near"
        }
        let each = memoryNodes.map {
            "\($0.number) (cores \(Terminal.plain($0.cores)), \(Sizes.bytes($0.bytes)))"
        }
        return "\(memoryNodes.count): " + each.joined(separator: ", ")
    }
}
