/// Accelerators by name.
///
/// Memory is the data sheet's number in GB of 10^9 bytes, so that a plan errs to the safe side.
/// Cards with HBM have as many GiB, 7 % more (an A100 of 80 GB reports 81,920 MiB). On cards with
/// GDDR memory ECC takes a sixteenth of the GiB where it is on, which leaves about as many GB.
/// Operations are dense f16 matrix multiplications with sums in f32: half of what a sheet gives
/// "with sparsity". A row is what a program sees as one device: of a card with two dies, one.
/// The link is PCIe with 16 lanes: 32 GB/s one way for generation 4, 64 GB/s for generation 5.
package enum DeviceCatalogue {
    private struct Row {
        let name: String
        let title: String
        /// In GB.
        let memory: Int
        /// In GB/s.
        let bandwidth: Double
        /// In 10^12 operations a second.
        let teraOperations: Double
        /// PCIe generation.
        let generation: Int
        let source: String
    }

    private static let rows: [Row] = [
        Row(
            name: "v100", title: "NVIDIA V100 SXM2 32 GB", memory: 32, bandwidth: 900,
            teraOperations: 125, generation: 3, source: "NVIDIA V100 data sheet"),
        Row(
            name: "t4", title: "NVIDIA T4", memory: 16, bandwidth: 320, teraOperations: 65,
            generation: 3, source: "NVIDIA T4 data sheet"),
        Row(
            name: "a10", title: "NVIDIA A10", memory: 24, bandwidth: 600, teraOperations: 125,
            generation: 4, source: "NVIDIA A10 data sheet"),
        Row(
            name: "a100-40", title: "NVIDIA A100 SXM 40 GB", memory: 40, bandwidth: 1555,
            teraOperations: 312, generation: 4, source: "NVIDIA A100 data sheet"),
        Row(
            name: "a100-80", title: "NVIDIA A100 SXM 80 GB", memory: 80, bandwidth: 2039,
            teraOperations: 312, generation: 4, source: "NVIDIA A100 data sheet"),
        Row(
            name: "l4", title: "NVIDIA L4", memory: 24, bandwidth: 300, teraOperations: 121,
            generation: 4, source: "NVIDIA L4 data sheet"),
        Row(
            name: "l40s", title: "NVIDIA L40S", memory: 48, bandwidth: 864, teraOperations: 362,
            generation: 4, source: "NVIDIA L40S data sheet"),
        Row(
            name: "h100", title: "NVIDIA H100 SXM 80 GB", memory: 80, bandwidth: 3350,
            teraOperations: 989, generation: 5, source: "NVIDIA H100 data sheet"),
        Row(
            name: "h100-pcie", title: "NVIDIA H100 PCIe 80 GB", memory: 80, bandwidth: 2000,
            teraOperations: 756, generation: 5, source: "NVIDIA H100 data sheet"),
        Row(
            name: "h200", title: "NVIDIA H200 SXM", memory: 141, bandwidth: 4800,
            teraOperations: 989, generation: 5, source: "NVIDIA H200 data sheet"),
        Row(
            name: "b200", title: "NVIDIA B200 SXM", memory: 180, bandwidth: 8000,
            teraOperations: 2250, generation: 5, source: "NVIDIA HGX B200 data sheet"),
        Row(
            name: "rtx3090", title: "NVIDIA GeForce RTX 3090", memory: 24, bandwidth: 936,
            teraOperations: 71, generation: 4, source: "NVIDIA Ampere GA102 white paper"),
        Row(
            name: "rtx4090", title: "NVIDIA GeForce RTX 4090", memory: 24, bandwidth: 1008,
            teraOperations: 165, generation: 4, source: "NVIDIA Ada white paper"),
        Row(
            name: "rtx5090", title: "NVIDIA GeForce RTX 5090", memory: 32, bandwidth: 1792,
            teraOperations: 209, generation: 5, source: "NVIDIA RTX Blackwell white paper"),
        Row(
            name: "mi250x", title: "AMD Instinct MI250X, one of its two dies", memory: 64,
            bandwidth: 1638, teraOperations: 191.5, generation: 4, source: "AMD MI250X data sheet"),
        Row(
            name: "mi300x", title: "AMD Instinct MI300X", memory: 192, bandwidth: 5300,
            teraOperations: 1307, generation: 5, source: "AMD MI300X data sheet"),
        Row(
            name: "mi325x", title: "AMD Instinct MI325X", memory: 256, bandwidth: 6000,
            teraOperations: 1307, generation: 5, source: "AMD MI325X data sheet"),
        Row(
            name: "gaudi3", title: "Intel Gaudi 3", memory: 128, bandwidth: 3700,
            teraOperations: 1835, generation: 5, source: "Intel Gaudi 3 white paper"),
    ]

    /// Bytes a second of 16 lanes one way, by PCIe generation.
    private static let linkGigabytes = [3: 16.0, 4: 32.0, 5: 64.0]

    /// Every device.
    package static let devices: [Device] = rows.map { row in
        Device(
            name: row.name, title: row.title, memoryBytes: row.memory * 1_000_000_000,
            bandwidth: row.bandwidth * 1e9, operations: row.teraOperations * 1e12,
            link: linkGigabytes[row.generation].map { $0 * 1e9 }, source: row.source)
    }

    /// The device of a name, large and small letters alike.
    package static func device(named name: String) -> Device? {
        let wanted = name.lowercased()
        return devices.first { $0.name == wanted }
    }

    /// What there is to type.
    package static var names: [String] { rows.map(\.name) }
}
