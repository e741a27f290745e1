import ArgumentParser
import Foundation
import Tensors

/// Where and when a measurement was taken: fields of every row.
enum BenchMachine {
    /// The machine, the program and the minute.
    static func fields(threads: Int) -> BenchRow {
        let machine = MachineInfo.current()
        return BenchRow([
            "quire": .text(Quire.configuration.version),
            "build": .text(build),
            "date": .text(Date.now.formatted(.iso8601)),
            "cpu": BenchValue(machine.cpuModel),
            "cores": .integer(machine.usableCores),
            "isa": .text(machine.isa.rawValue),
            "threads": .integer(threads),
        ])
    }

    /// A build without optimisation measures nothing that anybody wants to know.
    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}

/// What this machine can do at most, measured beside what is judged by it.
struct MachineLimits {
    /// 10^9 bytes a second that the threads read together.
    var bandwidth: Double
    /// 10^9 operations a second on bytes that they compute together.
    var int8: Double

    /// Measures both. About a second.
    static func measure(threads: Int, level: ISALevel = .active) throws -> MachineLimits {
        MachineLimits(
            bandwidth: try BandwidthProbe.read(threads: threads),
            int8: ArithmeticProbe.rates(.int8, level: level, threads: threads)?.most ?? 0)
    }

    /// The larger of two measurements: what a machine gave once is what it can do.
    func joined(_ other: MachineLimits) -> MachineLimits {
        MachineLimits(
            bandwidth: max(bandwidth, other.bandwidth), int8: max(int8, other.int8))
    }
}
