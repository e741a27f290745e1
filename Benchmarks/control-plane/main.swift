import CountAllocations
import KVCache
import QuireIdentifiers
import Scheduling

// One decode step of many requests with long contexts, without a model: what `plan` and `complete`
// cost, next to a loop that does nothing but copy what the plan must hold.

struct Setting {
    var name: String
    var spans: [AttentionSpan]
    var requests = 256
    var context = 4_000
    var caching = true
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

func run(_ setting: Setting) throws {
    let steps = 400
    let warmUp = 100
    // The first to be admitted decode while the last are computed.
    let length = setting.context + warmUp + steps + setting.requests
    let layout = try KVPlanner(
        geometry: KVGeometry(spans: setting.spans, kvHeads: 1, headDim: 64), blockSize: 16,
        maxModelLength: length, maxChunk: 512
    ).plan(sequences: setting.requests)
    var configuration = SchedulerConfiguration(
        maxStepTokens: 8_192, maxStepOutputs: 512, maxChunk: 512, maxRunning: setting.requests)
    configuration.cache = CacheConfiguration(prefixCaching: setting.caching)
    var scheduler = try Scheduler(layout: layout, configuration: configuration)
    for id in 0..<setting.requests {
        let start = id * setting.context
        let prompt = (start..<start + setting.context).map { TokenID(UInt32($0)) }
        try scheduler.submit(
            Request(id: SequenceID(UInt64(id)), prompt: prompt, maxTokens: .max), now: .zero)
    }
    var step = StepPlan(groups: layout.groups.count)
    var actions: [SchedulerAction] = []
    repeat {
        scheduler.plan(into: &step, now: .zero)
        scheduler.complete(step.rows.map { $0.samples ? .sampled(7) : .advanced })
        scheduler.takeActions(into: &actions)
    } while step.tokens.count != setting.requests

    let clock = ContinuousClock()
    let outcomes = Array(repeating: RowOutcome.sampled(7), count: setting.requests)
    var times: [Double] = []
    var references: [Double] = []
    times.reserveCapacity(steps)
    references.reserveCapacity(steps)
    var table: [BlockID] = []
    var allocations: Int64 = 0
    var worst: Int64 = 0
    var sum: UInt64 = 0
    for index in 0..<warmUp + steps {
        let before = count_allocations()
        let start = clock.now
        scheduler.plan(into: &step, now: .zero)
        scheduler.complete(outcomes, elapsed: .milliseconds(20))
        scheduler.takeActions(into: &actions)
        let elapsed = clock.now - start
        let calls = count_allocations() - before
        precondition(step.rows.count == setting.requests, "not everybody decodes")

        let second = clock.now
        for entries in step.blockTables {
            table.removeAll(keepingCapacity: true)
            for row in step.rows {
                table.append(contentsOf: entries[row.tableStart..<row.tableStart + row.tableLength])
            }
            sum &+= UInt64(table[table.count / 2].rawValue)
        }
        let reference = clock.now - second
        guard index >= warmUp else { continue }
        times.append(seconds(elapsed) * 1e6)
        references.append(seconds(reference) * 1e6)
        allocations += calls
        worst = max(worst, calls)
    }
    let (time, reference) = (median(times), median(references))
    func format(_ value: Double) -> String {
        String(Int(value * 10) / 10) + "." + String(Int(value * 10) % 10)
    }
    print(
        """
        \(setting.name): \(setting.requests) requests, \(setting.context) tokens each
          plan + complete   \(format(time)) us (median of \(steps) steps)
          copying tables    \(format(reference)) us, ratio \(format(time / reference))
          allocations       \(allocations) in \(steps) steps, \(worst) in the worst (\(sum % 10))
        """)
}

try run(Setting(name: "full attention", spans: [.full]))
try run(Setting(name: "full attention, no prefix cache", spans: [.full], caching: false))
try run(
    Setting(
        name: "1 full and 5 window groups",
        spans: [.full] + Array(repeating: .slidingWindow(512), count: 5)))
