import ArgumentParser
import ModelStore
import Planning

/// The machine that a model is planned for.
struct PlanMachine: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An accelerator: \(DeviceCatalogue.names.joined(separator: ", ")). Its memory is the "
                + "data sheet's number in GB of 10^9 bytes.", valueName: "name"),
        completion: .list(DeviceCatalogue.names))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "Memory of one device, in place of --device's: 80GB is 80 x 10^9 bytes, 80GiB is "
                + "80 x 2^30.", valueName: "size"))
    var memory: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Bytes that are read from its memory in a second: 2TB/s.", valueName: "rate"))
    var bandwidth: ByteRate?

    @Option(
        help: ArgumentHelp(
            "Operations in a second, of dense f16 matrix multiplications; a multiplication and "
                + "its addition are two: 312T.", valueName: "count"))
    var flops: LargeCount?

    @Option(
        help: ArgumentHelp(
            "Bytes that pass to the host's memory in a second, one way: 64GB/s.",
            valueName: "rate"))
    var link: ByteRate?

    @Option(
        help: ArgumentHelp(
            "Devices whose memory is summed (default: 1). Only a sum: one copy of a model across "
                + "several needs tensor parallelism.", valueName: "n"))
    var devices: Int?

    @Option(
        help: ArgumentHelp("Memory that is left alone, for a driver say.", valueName: "size"))
    var reserve: ByteCount?

    // Named as elsewhere, so that it is refused by name.
    @Option(
        name: [.long, .customLong("tensor-parallel-size")], help: .hidden)
    var tensorParallel: Int?

    /// Whether a machine was named at all.
    var isGiven: Bool { device != nil || memory != nil }

    func validate() throws {
        guard tensorParallel == nil else {
            throw ValidationError(
                "--tensor-parallel: Quire has no tensor parallelism yet, so it plans no speed of "
                    + "one copy across devices. --devices sums their memory.")
        }
        guard (1...PlanningLimits.devices).contains(devices ?? 1) else {
            throw ValidationError(
                "--devices is \(devices ?? 0); it must be from 1 to \(PlanningLimits.devices).")
        }
        if let device, DeviceCatalogue.device(named: device) == nil {
            let near = NearNames.suggestions(for: device, among: DeviceCatalogue.names)
            let meant = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", or "))?"
            throw ValidationError(
                "There is no device '\(Terminal.plain(device))'.\(meant) Known are "
                    + "\(DeviceCatalogue.names.joined(separator: ", ")); for others give "
                    + "--memory, --bandwidth and --flops.")
        }
        if let memory,
            !(1...PlanningLimits.memoryBytes / PlanningLimits.devices)
                .contains(memory.bytes)
        {
            throw ValidationError("--memory is \(memory.bytes) bytes; that is no memory to plan.")
        }
        if let flops, flops.value <= 0 { throw ValidationError("--flops must be above 0.") }
    }

    /// The options that mean nothing without a machine.
    var needingMachine: [String] {
        [
            ("--devices", devices != nil), ("--reserve", reserve != nil),
            ("--bandwidth", bandwidth != nil), ("--flops", flops != nil), ("--link", link != nil),
        ].filter(\.1).map(\.0)
    }

    /// The machine; nil where none was named.
    var machine: Device? {
        guard isGiven else { return nil }
        var machine =
            device.flatMap(DeviceCatalogue.device)
            ?? Device(name: "memory", title: "a device", memoryBytes: 0, source: "given")
        if let memory { machine.memoryBytes = memory.bytes }
        return withSpeeds(machine)
    }

    /// A machine with the speeds that were given in place of its own.
    func withSpeeds(_ machine: Device) -> Device {
        var machine = machine
        if let bandwidth { machine.bandwidth = bandwidth.bytesPerSecond }
        if let flops { machine.operations = flops.value }
        if let link { machine.link = link.bytesPerSecond }
        return machine
    }
}
