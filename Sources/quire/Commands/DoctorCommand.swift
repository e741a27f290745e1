import ArgumentParser
import ModelFiles
import ModelStore
import Models
import Tensors

/// `quire doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine gives to a model.",
        discussion: """
            Cores, kernels, memory, measured bandwidth, and the installed models with the tokens \
            a second that the bandwidth allows at most: decoding reads all weights for every \
            token. QUIRE_ISA=scalar|avx2|avx512|neon chooses other kernels.
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try DoctorReport()
        switch output.format {
        case .json: print(try JSONText.pretty(report))
        case .text: for line in report.lines { print(line) }
        }
    }
}

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
    }

    let version = Quire.configuration.version
    let cpu: String?
    let onlineCores: Int
    let usableCores: Int
    let cgroupCores: Double?
    let isa: String
    let isaReason: String
    let isaAvailable: [String]
    let memoryBytes: Int
    let memoryAvailableBytes: Int
    let cgroupMemoryBytes: Int?
    /// 10^9 bytes a second that all usable cores read together.
    let bandwidthGBps: Double
    let modelFolder: String
    let models: [Model]

    init() throws {
        let machine = MachineInfo.current()
        cpu = machine.cpuModel
        onlineCores = machine.onlineCores
        usableCores = machine.usableCores
        cgroupCores = machine.groupCPUs
        isa = machine.isa.rawValue
        isaReason = machine.isaReason
        isaAvailable = ISALevel.available.map(\.rawValue)
        memoryBytes = machine.totalMemory
        memoryAvailableBytes = machine.availableMemory
        cgroupMemoryBytes = machine.groupMemory
        let bandwidth = try BandwidthProbe.read(threads: machine.usableCores)
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
                + (cgroupCores.map { ", cgroup quota \($0)" } ?? ", no cgroup quota"),
            "kernels    \(isaReason); available: \(isaAvailable.joined(separator: ", "))",
            "memory     \(Sizes.bytes(memoryAvailableBytes)) available of "
                + Sizes.bytes(memoryBytes)
                + (cgroupMemoryBytes.map { ", cgroup limit \(Sizes.bytes($0))" }
                    ?? ", no cgroup limit"),
            "bandwidth  \(bandwidthGBps) GB/s read by \(usableCores) threads",
        ]
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
}
