import KVCache
import Testing

@testable import Scheduling
@testable import Simulation

@Suite("Fairness in a simulated service")
struct FairnessTests {
    private func run(
        _ trace: Trace, blocks: Int = 120, running: Int = 6, order: OrderChoice = .fair,
        admission: AdmissionPolicy = .watermark, shares: [String: Double] = [:]
    ) throws -> ServiceResult {
        var setup = try smallSetup(blocks: blocks, running: running) {
            $0.order = order
            $0.admission = admission
            $0.cache.prefixCaching = false
        }
        setup.checks = .steps
        setup.recordsTenants = true
        for (name, weight) in shares {
            setup.standings[name] = ServiceSetup.Standing()
            setup.standings[name]?.weight = weight
        }
        var simulation = try ServiceSimulation(trace, setup)
        return simulation.run()
    }

    @Test(arguments: 1...12)
    func `the bounds hold at every step for random loads`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let trace = randomTrace(
            300, seed: UInt64(seed), rate: Double(random.integer(in: 5...200)),
            prompt: 1...random.integer(in: 2...120), output: 1...random.integer(in: 2...60),
            tenants: random.integer(in: 2...6))
        let shares =
            seed % 2 == 0
            ? [:]
            : Dictionary(
                uniqueKeysWithValues: (1...6).map {
                    ("tenant-\($0)", Double(random.integer(in: 1...4)))
                })
        let admission: AdmissionPolicy = seed % 3 == 0 ? .reserve : .watermark
        let result = try run(
            trace, blocks: random.integer(in: 64...300), running: random.integer(in: 1...8),
            admission: admission, shares: shares)
        let finding = try #require(result.fairness.first)
        #expect(finding.violation == nil)
        #expect(finding.counters <= finding.bound)
        #expect(finding.service <= 2 * finding.bound)
    }

    @Test func `two tenants that flood the machine get equal service, three to one with weights`()
        throws
    {
        let requests = (0..<400).map { number in
            TraceRequest(
                promptTokens: 20, outputTokens: 20, tenant: number % 2 == 0 ? "a" : "b")
        }
        let trace = Trace(name: "flood", requests: requests)
        func ratio(_ shares: [String: Double]) throws -> Double {
            let course = try run(trace, shares: shares).tenantCourse
            let middle = try #require(course.first { $0.service[0] + $0.service[1] > 12_000 })
            return middle.service[0] / middle.service[1]
        }
        #expect(abs(try ratio([:]) - 1) < 0.05)
        #expect(abs(try ratio(["a": 3, "b": 1]) - 3) < 0.25)
    }

    @Test func `first come first served gives all to who sends most`() throws {
        var requests = (0..<300).map { _ in
            TraceRequest(promptTokens: 20, outputTokens: 20, tenant: "heavy")
        }
        requests += (0..<20).map { _ in
            TraceRequest(
                arrival: .milliseconds(1), promptTokens: 20, outputTokens: 20, tenant: "light")
        }
        let trace = Trace(name: "flood", requests: requests)
        func wait(_ order: OrderChoice) throws -> Int64 {
            let result = try run(trace, order: order)
            let light = result.requests.filter { $0.tenant == 1 }
            return try #require(light.compactMap(\.firstToken).max())
        }
        #expect(try wait(.fcfs) > 5 * wait(.fair))
    }

    @Test func `service is counted from the steps as the order charges it`() throws {
        let trace = randomTrace(120, seed: 4, rate: 40)
        let result = try run(trace, blocks: 400)
        let last = try #require(result.tenantCourse.last)
        var expected = Array(repeating: 0.0, count: result.tenants.count)
        for request in result.requests {
            expected[request.tenant] += Double(request.promptTokens + 2 * request.outputTokens)
        }
        #expect(last.service == expected)
        #expect(
            zip(result.tenantCourse, result.tenantCourse.dropFirst()).allSatisfy {
                $0.time <= $1.time && zip($0.service, $1.service).allSatisfy { $0 <= $1 }
            })
    }

    @Test func `a check that is given an unfair order finds it`() {
        var check = FairnessCheck(memory: 10)
        check.note(promptTokens: 15)
        var list = [
            FairStatement(tenant: "a", counter: 0, service: 0, weight: 1, waiting: 2),
            FairStatement(tenant: "b", counter: 20, service: 20, weight: 1, waiting: 1),
        ]
        func look(at time: Int64) {
            check.check(at: time) {
                $0 = list
                return true
            }
        }
        look(at: 1)
        #expect(check.finding.violation == nil && check.finding.bound == 20)
        list[1].counter = 20.5
        look(at: 2)
        #expect(check.finding.violation?.contains("counters of a and b") == true)
    }

    @Test func `counters of many tenants are checked, their services are not`() {
        var check = FairnessCheck(memory: 10)
        var list = (0...ServiceLimits.comparedTenants).map { number in
            FairStatement(
                tenant: "tenant-\(number)", counter: Double(number % 7), service: 0, weight: 1,
                waiting: 1)
        }
        func look() {
            check.check(at: 0) {
                $0 = list
                return true
            }
        }
        look()
        #expect(check.finding.counters == 6 && !check.finding.comparesServices)
        list[3].service = 1000
        list[40].counter = 90
        list[40].waiting = 0
        look()
        #expect(check.finding.violation == nil && check.finding.steps == 2)
        list[40].waiting = 1
        look()
        #expect(check.finding.violation?.contains("counters of tenant-0 and tenant-40") == true)
    }

    @Test func `services are compared only while both wait`() {
        var check = FairnessCheck(memory: 10)
        var list = [
            FairStatement(tenant: "a", counter: 0, service: 0, weight: 1, waiting: 1),
            FairStatement(tenant: "b", counter: 0, service: 0, weight: 1, waiting: 1),
        ]
        func look() {
            check.check(at: 0) {
                $0 = list
                return true
            }
        }
        look()
        list[0].waiting = 0
        list[1].service = 1000
        look()
        list[0].waiting = 1
        look()
        #expect(check.finding.violation == nil && check.finding.service == 0)
        list[1].service = 1041
        look()
        #expect(check.finding.violation?.contains("services of a and b") == true)
    }
}
