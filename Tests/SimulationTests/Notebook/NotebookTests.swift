import Foundation
import Testing

@testable import Simulation

@Suite struct `The notebook's functions, with its defects` {
    private let shape = NotebookShape(sequences: 100, maxLength: 1024, hiddenDim: 64)

    @Test func `seeds 0 and 42 give the listed figures of the traditional cache`() {
        var zero = Notebook(seed: 0, mode: .legacy)
        let first = zero.simulateTraditionalKVCache(shape)
        #expect(first.totalAllocated == 6_553_600)
        #expect(first.wastedMemory == 3_261_312)
        #expect(first.efficiency == 0.50236328125)
        #expect(first.activeSequences == 78)
        var answer = Notebook(seed: 42, mode: .legacy)
        let second = answer.simulateTraditionalKVCache(shape)
        #expect(second.totalAllocated == 6_553_600)
        #expect(second.wastedMemory == 3_245_632)
        #expect(second.efficiency == 0.504755859375)
        #expect(second.activeSequences == 67)
    }

    @Test func `seeds 0 and 42 give the listed figures of the paged cache`() {
        var zero = Notebook(seed: 0, mode: .legacy)
        let first = zero.simulatePagedAttention(shape, pageSize: 16)
        #expect(
            first
                == PagedStatistics(
                    totalCapacity: 4_718_592, usedCapacity: 3_411_968, wastedCapacity: 42_240,
                    activeSequences: 76, freePages: 2108, totalPages: 4608))
        #expect((first.efficiency * 1e6).rounded() == 987_620)
        var answer = Notebook(seed: 42, mode: .legacy)
        let second = answer.simulatePagedAttention(shape, pageSize: 16)
        #expect(
            second
                == PagedStatistics(
                    totalCapacity: 4_718_592, usedCapacity: 3_396_608, wastedCapacity: 48_192,
                    activeSequences: 65, freePages: 2388, totalPages: 4608))
        #expect((second.efficiency * 1e6).rounded() == 985_812)
    }

    @Test func `other seeds and shapes give what a program with NumPy gives`() throws {
        let lines = try notebookFixture("notebook-functions")
        #expect(lines.count == 24)
        for line in lines {
            let fields = line.map { Int($0) }
            let seed = try #require(UInt32(line[0]))
            let shape = NotebookShape(
                sequences: try #require(fields[1]), maxLength: try #require(fields[2]),
                hiddenDim: try #require(fields[3]))
            var notebook = Notebook(seed: seed, mode: .legacy)
            let traditional = notebook.simulateTraditionalKVCache(shape)
            let paged = notebook.simulatePagedAttention(shape, pageSize: try #require(fields[4]))
            #expect(traditional.totalAllocated == fields[5])
            #expect(traditional.wastedMemory == fields[6])
            #expect(String(traditional.efficiency.bitPattern, radix: 16) == line[7])
            #expect(traditional.activeSequences == fields[8])
            #expect(paged.totalCapacity == fields[9])
            #expect(paged.usedCapacity == fields[10])
            #expect(paged.wastedCapacity == fields[11])
            #expect(String(paged.efficiency.bitPattern, radix: 16) == line[12])
            #expect(paged.activeSequences == fields[13])
            #expect(paged.freePages == fields[14])
            #expect(paged.totalPages == fields[15])
        }
    }

    @Test func `pools have the listed pages`() {
        let bySequences = [10, 20, 50, 100, 200].map {
            NotebookShape(sequences: $0, maxLength: 1024, hiddenDim: 64).pages(of: 16)
        }
        #expect(bySequences == [460, 921, 2304, 4608, 9216])
        #expect([4, 8, 32, 64, 128].map(shape.pages) == [18432, 9216, 2304, 1152, 576])
    }

    @Test func `a memory holds the listed sequences`() {
        let notebook = Notebook(seed: 0, mode: .legacy)
        let counts = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7].map {
            notebook.simulateConcurrentRequests(
                maxMemory: Int($0), maxLength: 1024, hiddenDim: 64, pageSize: 16)
        }
        #expect(counts.map(\.traditional) == [15, 30, 76, 152, 305, 762])
        #expect(counts.map(\.paged) == [25, 50, 125, 250, 500, 1252])
    }

    @Test func `the mean efficiencies are the expected ones`() {
        // 517 / 1024, and for each page size the ratio of the means over the lengths 10...1024.
        let lengths = Array(10...1024)
        for (size, expected) in [
            (4, 0.99711), (8, 0.99328), (16, 0.98576), (32, 0.97108), (64, 0.94299),
            (128, 0.89142),
        ] {
            let taken = lengths.reduce(0) { $0 + ($1 + size - 1) / size * size }
            let mean = Double(lengths.reduce(0, +)) / Double(taken)
            #expect((mean * 1e5).rounded() == (expected * 1e5).rounded())
            var notebook = Notebook(seed: 5, mode: .legacy)
            let many = NotebookShape(sequences: 20_000, maxLength: 1024, hiddenDim: 64)
            let drawn = notebook.simulatePagedAttention(many, pageSize: size).efficiency
            #expect(abs(drawn - mean) < 0.001)
        }
        var notebook = Notebook(seed: 5, mode: .legacy)
        let many = NotebookShape(sequences: 20_000, maxLength: 1024, hiddenDim: 64)
        let drawn = notebook.simulateTraditionalKVCache(many).efficiency
        #expect(abs(drawn - 517.0 / 1024) < 0.005)
    }

    @Test func `a comparison draws on where the one before stopped`() {
        var whole = Notebook(seed: 3, mode: .legacy)
        let (traditional, paged) = whole.compareMemoryEfficiency(
            counts: [10, 20], maxLength: 1024, hiddenDim: 64, pageSize: 16)
        var parts = Notebook(seed: 3, mode: .legacy)
        for (index, count) in [10, 20].enumerated() {
            let shape = NotebookShape(sequences: count, maxLength: 1024, hiddenDim: 64)
            let reserved = parts.simulateTraditionalKVCache(shape)
            #expect(reserved == traditional[index])
            let inPages = parts.simulatePagedAttention(shape, pageSize: 16)
            #expect(inPages == paged[index])
        }
        var sizes = Notebook(seed: 3, mode: .legacy)
        let impact = sizes.analyzePageSizeImpact(pageSizes: [4, 8], shape)
        var each = Notebook(seed: 3, mode: .legacy)
        let alone = [4, 8].map { each.simulatePagedAttention(shape, pageSize: $0) }
        #expect(impact == alone)
    }

    @Test func `results have the notebook's keys`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var notebook = Notebook(seed: 0, mode: .legacy)
        let traditional = try encoder.encode(notebook.simulateTraditionalKVCache(shape))
        #expect(
            String(decoding: traditional, as: UTF8.self)
                == #"{"active_sequences":78,"efficiency":0.50236328125,"#
                + #""total_allocated":6553600,"wasted_memory":3261312}"#)
        let paged = try encoder.encode(
            PagedAttentionSimulator(pageSize: 2, pages: 3, hiddenDim: 1, mode: .legacy).statistics)
        #expect(
            String(decoding: paged, as: UTF8.self)
                == #"{"active_sequences":0,"efficiency":0,"free_pages":3,"total_capacity":6,"#
                + #""total_pages":3,"used_capacity":0,"wasted_capacity":0}"#)
    }
}

@Suite struct `The notebook's functions, corrected` {
    @Test func `both caches see the same sequences`() {
        var notebook = Notebook(seed: 9, mode: .corrected)
        let counts = [10, 50, 200]
        let (traditional, paged) = notebook.compareMemoryEfficiency(
            counts: counts, maxLength: 1024, hiddenDim: 64, pageSize: 16)
        for index in counts.indices {
            #expect(paged[index].failedSequences == 0)
            #expect(traditional[index].activeSequences == paged[index].activeSequences)
            // The tokens that they hold are the same.
            #expect(
                traditional[index].totalAllocated - traditional[index].wastedMemory
                    == paged[index].usedCapacity - paged[index].wastedCapacity)
        }
        let sizes = notebook.analyzePageSizeImpact(
            pageSizes: [1, 16, 128], NotebookShape(sequences: 100, maxLength: 512, hiddenDim: 1))
        #expect(Set(sizes.map { $0.usedCapacity - $0.wastedCapacity }).count == 1)
        #expect(sizes[0].efficiency == 1)
    }

    @Test func `what is used never exceeds the pool, and refusals are counted`() {
        var failures = 0
        for seed in 0..<200 as Range<UInt32> {
            var notebook = Notebook(seed: seed, mode: .corrected)
            let shape = NotebookShape(sequences: 3, maxLength: 1024, hiddenDim: 8)
            let result = notebook.simulatePagedAttention(shape, pageSize: 64)
            #expect(result.usedCapacity <= result.totalCapacity)
            #expect(
                result.usedCapacity
                    == (result.totalPages - result.freePages) * 64 * 8)
            failures += result.failedSequences ?? 0
        }
        #expect(failures > 0)
    }

    @Test func `the gain in sequences at once is that of the lengths drawn`() {
        let notebook = Notebook(seed: 0, mode: .corrected)
        let (traditional, paged) = notebook.simulateConcurrentRequests(
            maxMemory: 50_000_000, maxLength: 1024, hiddenDim: 64, pageSize: 16)
        #expect(traditional == 762)
        // 48,828 pages; a sequence of 10...1024 tokens takes 33,274 / 1015 = 32.78 on average.
        let pages = (10...1024).reduce(0) { $0 + ($1 + 15) / 16 }
        #expect(paged == 48_828 * 1015 / pages)
        #expect(paged == 1489)
    }
}
