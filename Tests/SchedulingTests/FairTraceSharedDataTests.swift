import Foundation
import Scheduling
import Testing

/// The trace of 27 clients of a public chat arena that the VTC paper was evaluated on; it is no
/// part of the repository.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"] != nil))
struct `Fair sharing on the arena trace, SharedDataTests` {
    private func arrivals() throws -> [Arrival] {
        let folder = try #require(ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"])
        let text = try String(
            contentsOfFile: folder + "/traces/arena_27_clients.csv", encoding: .utf8)
        return try text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let fields = line.split(separator: ",")
            let time = try #require(Double(fields[0]))
            return Arrival(
                time: .seconds(time), client: String(fields[1]),
                input: max(1, try #require(Int(fields[2]))),
                output: max(1, try #require(Int(fields[3]))))
        }
    }

    @Test func `the counter and service bounds hold at every step, and fcfs breaks them`() throws {
        let arrivals = try arrivals()
        #expect(Set(arrivals.map(\.client)).count == 27)
        var fair = try FairSimulation(.fair, arrivals, running: 32, blocks: 160)
        try fair.run()
        #expect(fair.worstCounterGap <= fair.counterBound)
        #expect(fair.worstServiceGap <= 2 * fair.counterBound)
        #expect(fair.contendedSteps > 1000)
        var arrivalOrder = try FairSimulation(.fcfs, arrivals, running: 32, blocks: 160)
        try arrivalOrder.run()
        #expect(arrivalOrder.worstServiceGap > 2 * arrivalOrder.counterBound)
    }
}
