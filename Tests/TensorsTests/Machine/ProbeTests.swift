import Testing

@testable import Tensors

struct ProbeTests {
    @Test func `samples have a middle, ends and ranks`() {
        let odd = Samples([3, 1, 2])
        #expect(odd.median == 2 && odd.least == 1 && odd.most == 3 && odd.spread == 1)
        #expect(Samples([1, 2, 3, 4]).median == 2.5)
        let hundred = Samples((1...100).map(Double.init).reversed())
        #expect(hundred.percentile(0.5) == 50)
        #expect(hundred.percentile(0.99) == 99)
        #expect(hundred.percentile(0) == 1 && hundred.percentile(1) == 100)
        #expect(Samples([0]).spread == 0)
    }

    @Test func `work is repeated as often as asked for, and once more to warm up`() {
        var calls = 0
        let samples = Samples.seconds(passes: 5, atLeast: 0) { calls += 1 }
        #expect(samples.values.count == 5 && calls == 6)
    }

    @Test(arguments: [true, false])
    func `memory is read in both kinds of pages`(hugePages: Bool) throws {
        let pool = WorkerPool(threads: 2)
        let memory = try ProbeMemory(bytes: 5 << 20, hugePages: hugePages, pool: pool)
        #expect(memory.count == 4 << 20)
        for level in ISALevel.available {
            memory.read(pool: pool, table: try #require(KernelTable(level)))
        }
    }

    @Test(arguments: ISALevel.available)
    func `every level has a peak`(level: ISALevel) throws {
        for operation in ArithmeticProbe.Operation.allCases {
            let rates = try #require(
                ArithmeticProbe.rates(operation, level: level, threads: 1, milliseconds: 0))
            #expect(rates.values.count == 3 && rates.least > 0)
        }
    }

    @Test func `an empty job takes some time`() {
        let times = BarrierProbe.microseconds(threads: 2, milliseconds: 0)
        #expect(times.least > 0)
    }
}
