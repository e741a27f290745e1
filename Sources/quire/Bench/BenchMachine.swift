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

    /// Speeds of a build without optimisation mean nothing.
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

    /// Measures both. Half a second.
    static func measure(threads: Int, level: ISALevel = .active) throws -> MachineLimits {
        let reading = try BandwidthProbe.reading(threads: threads, milliseconds: 150)
        let int8 = ArithmeticProbe.rates(.int8, level: level, threads: threads, milliseconds: 50)
        return MachineLimits(bandwidth: reading.rates.most, int8: int8?.most ?? 0)
    }

    /// What the machine could do between two measurements: the mean bandwidth, which changes, and
    /// the better arithmetic, which is only ever disturbed.
    func joined(_ other: MachineLimits) -> MachineLimits {
        MachineLimits(
            bandwidth: (bandwidth + other.bandwidth) / 2, int8: max(int8, other.int8))
    }
}
