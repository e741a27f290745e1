import TestSupport
import Testing

@testable import Simulation

extension PagedAttentionSimulator {
    /// What the methods of the lines return.
    fileprivate mutating func run(_ lines: String...) throws -> [Bool] {
        try lines.map { call(try SimulatorLine($0)) }
    }
}

@Suite struct `The notebook's class` {
    @Test(arguments: NotebookMode.allCases)
    func `the lowest free pages are taken, all or none`(mode: NotebookMode) throws {
        var simulator = PagedAttentionSimulator(pageSize: 16, pages: 8, hiddenDim: 4, mode: mode)
        #expect(try simulator.run("allocate a 33", "allocate b 16") == [true, true])
        #expect(simulator.pages(of: "a") == [0, 1, 2])
        #expect(try simulator.run("free a", "free a", "allocate c 70") == [true, false, true])
        #expect(simulator.pages(of: "c") == [0, 1, 2, 4, 5])
        #expect(try simulator.run("allocate d 33") == [false])
        #expect(simulator.pages(of: "d") == nil)
        #expect(simulator.statistics.freePages == 2)
        #expect(simulator.statistics.failedSequences == (mode == .legacy ? nil : 1))
    }

    @Test func `legacy counts what was taken, even above the capacity`() throws {
        var simulator = PagedAttentionSimulator(
            pageSize: 16, pages: 4, hiddenDim: 2, mode: .legacy)
        for _ in 0..<3 {
            #expect(try simulator.run("allocate a 50", "free a") == [true, true])
        }
        let statistics = simulator.statistics
        #expect(statistics.totalCapacity == 128)
        #expect(statistics.usedCapacity == 384)
        #expect(statistics.wastedCapacity == 3 * 14 * 2)
        #expect(statistics.freePages == 4)
        #expect(statistics.activeSequences == 0)
    }

    @Test func `legacy leaks the pages of an id that is allocated again; corrected refuses it`()
        throws
    {
        var legacy = PagedAttentionSimulator(pageSize: 16, pages: 8, hiddenDim: 1, mode: .legacy)
        let leaky = try legacy.run("allocate a 40", "allocate a 40", "free a", "free a")
        #expect(leaky == [true, true, true, false])
        #expect(legacy.statistics.freePages == 5)
        var corrected = PagedAttentionSimulator(
            pageSize: 16, pages: 8, hiddenDim: 1, mode: .corrected)
        let sound = try corrected.run("allocate a 40", "allocate a 40", "free a", "free a")
        #expect(sound == [true, false, true, false])
        #expect(corrected.statistics.freePages == 8)
        #expect(corrected.statistics.usedCapacity == 0)
        #expect(corrected.statistics.efficiency == 0)
    }

    @Test func `a sequence grows into its last page, then takes another`() throws {
        var simulator = PagedAttentionSimulator(
            pageSize: 4, pages: 2, hiddenDim: 1, mode: .corrected)
        #expect(try simulator.run("allocate a 3", "append a 1") == [true, true])
        #expect(simulator.pages(of: "a") == [0])
        #expect(try simulator.run("append a 1") == [true])
        #expect(simulator.pages(of: "a") == [0, 1])
        #expect(try simulator.run("append a 4", "append b 1") == [false, false])
        #expect(simulator.statistics.wastedCapacity == 3)
        #expect(simulator.statistics.failedSequences == 1)
    }

    @Test func `a walk agrees with sets of page numbers`() {
        var generator = SeededGenerator(seed: 8)
        for mode in NotebookMode.allCases {
            var simulator = PagedAttentionSimulator(
                pageSize: 4, pages: 150, hiddenDim: 1, mode: mode)
            var free = Set(0..<150)
            var held: [String: [Int]] = [:]
            for _ in 0..<4000 {
                let id = String(Int.random(in: 0..<30, using: &generator))
                var expected = true
                let line: SimulatorLine
                if Bool.random(using: &generator) {
                    let length = Int.random(in: 0...60, using: &generator)
                    let wanted = (length + 3) / 4
                    line = .allocate(id, length: length)
                    expected =
                        wanted <= free.count && (mode == .legacy || held[id] == nil)
                    if expected {
                        held[id] = Array(free.sorted().prefix(wanted))
                        free.subtract(held[id] ?? [])
                    }
                } else {
                    line = .free(id)
                    expected = held[id] != nil
                    free.formUnion(held.removeValue(forKey: id) ?? [])
                }
                let returned = simulator.call(line)
                #expect(returned == expected)
                #expect(simulator.pages(of: id) == held[id])
                #expect(simulator.statistics.freePages == free.count)
            }
        }
    }

    @Test func `lines are read with either name, and a bad one says what is wrong`() throws {
        #expect(try SimulatorLine("allocate_sequence x 5") == .allocate("x", length: 5))
        #expect(try SimulatorLine("  free_sequence\tx ") == .free("x"))
        #expect(try SimulatorLine("append x 0") == .append("x", tokens: 0))
        for (text, part) in [
            ("allocate x", "allocate has 1 arguments"), ("free", "it takes ID"),
            ("allocate x -1", "'-1' is no number of tokens from 0 to"),
            ("allocate x many", "'many'"), ("drop x", "'drop' is no method"),
        ] {
            let error = #expect(throws: SimulatorLineError.self) { try SimulatorLine(text) }
            #expect(error?.description.contains(part) == true)
        }
    }
}
