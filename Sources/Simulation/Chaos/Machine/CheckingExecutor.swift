package import KVCache
import QuireIdentifiers
package import Scheduling
import Tensors

/// An executor that stores, instead of keys and values, what they are made of, and reads it back as
/// attention does, through the block tables: token, position and history of every visible slot are
/// checked in every step.
///
/// What is wrong is written down in `faults`; the step goes on, so that the run can end in order.
package final class CheckingExecutor: Executor {
    /// A step that was made to fail.
    package struct Failure: Error {}

    /// What of a step the run wants to know.
    package struct Report: Hashable, Sendable {
        /// Steps that were executed, those that failed included.
        package var steps = 0
        /// Steps that failed.
        package var failures = 0
        /// Tokens of the steps that did not.
        package var tokens = 0
        /// Drafts among them.
        package var drafts = 0
    }

    /// As the configuration says.
    package let maxStepTokens: Int
    /// As the configuration says.
    package let maxStepOutputs: Int
    /// The letters and the end.
    package var vocabularySize: Int { ChaosModel.vocabularySize }

    /// What was found to be wrong.
    package private(set) var faults: [String] = []
    /// What it has done.
    package private(set) var report = Report()
    /// How many of the next steps fail.
    package var failures = 0
    /// What the next step takes longer, in microseconds.
    package var delay = 0
    /// The tier under the host's.
    var file: ChaosFileTier
    /// What is told of each plan before it is executed.
    var onPlan: ((borrowing StepPlan) -> Void)?
    /// A bug that is planted between the scheduler and this.
    var plant: PlanPlant?

    private let layout: CacheLayout
    private let configuration: ChaosConfiguration
    private let model: ChaosModel
    private let clock: ChaosClock
    private let logitRows: FloatMatrix
    private var peaks: [LogitPeak] = []
    private var arena: ChaosArena
    private var dice: ChaosDice
    /// The row that wrote a slot in this step.
    private var writers: [Int: Int] = [:]

    /// The group whose blocks tell the most of a history.
    private let widest: Int

    /// An executor with room for the layout's blocks.
    package init(
        _ configuration: ChaosConfiguration, layout: CacheLayout, clock: ChaosClock
    ) throws {
        self.configuration = configuration
        self.layout = layout
        self.clock = clock
        maxStepTokens = configuration.stepTokens
        maxStepOutputs = configuration.stepOutputs
        model = ChaosModel(poison: configuration.poison)
        logitRows = try FloatMatrix(
            rows: configuration.stepOutputs, columns: ChaosModel.vocabularySize)
        arena = ChaosArena(layout, hostSlots: configuration.hostSlots)
        file = ChaosFileTier(configuration)
        dice = ChaosDice(seed: UInt64(bitPattern: Int64(configuration.whims)))
        widest =
            layout.groups.indices.max { one, other in
                Self.width(layout.groups[one].span) < Self.width(layout.groups[other].span)
            } ?? 0
    }

    private static func width(_ span: AttentionSpan) -> Int {
        switch span {
        case .full: .max
        case .slidingWindow(let window): window
        }
    }

    /// Moves pages, writes and reads.
    package func execute(_ given: borrowing StepPlan) throws {
        onPlan?(given)
        report.steps += 1
        clock.advance(
            micros: configuration.stepMicros + delay
                + configuration.tokenMicros * given.tokens.count)
        delay = 0
        var isDone = true
        if failures > 0 {
            failures -= 1
            damage(given)
            guard plant?.hidesFailures == true else {
                report.failures += 1
                throw Failure()
            }
            isDone = false
        }
        report.tokens += given.tokens.count
        report.drafts += given.rows.reduce(0) { $0 + $1.draftLength }
        if let plan = plant?.spoil(given) { run(plan) } else { run(given, isDone: isDone) }
        if plant?.swapsOutputs == true, given.outputs.count > 1 { swapOutputs() }
    }

    private func run(_ step: borrowing StepPlan, isDone: Bool = true) {
        if step.tokens.count > maxStepTokens { fault("\(step.tokens.count) tokens in a step") }
        if step.outputs.count > maxStepOutputs {
            fault("\(step.outputs.count) outputs in a step")
            return
        }
        if isDone {
            for transfer in step.transfers { move(transfer) }
            writers.removeAll(keepingCapacity: true)
            for (index, row) in step.rows.enumerated() { write(row, index, step) }
        }
        peaks.removeAll(keepingCapacity: true)
        for row in step.rows { read(row, step) }
    }

    /// The logits of an output of the last step.
    @_lifetime(borrow self)
    package func logits(_ index: Int) -> Span<Float> { logitRows.row(index, lentBy: self) }

    /// The largest of them, where the configuration says that it is known.
    package func peak(_ index: Int) -> LogitPeak? {
        configuration.knowsPeak != 0 ? peaks[index] : nil
    }

    /// As measured by the configuration.
    package var copyBandwidth: Double? {
        configuration.bandwidth > 0 ? Double(configuration.bandwidth) : nil
    }

    /// Begins work of the file tier.
    package func start(_ operations: [TierOperation]) {
        for operation in operations { file.begin(operation, now: clock.now, arena) }
    }

    /// What of it is done by now.
    package func takeCompletions(waiting: Bool) -> [TierCompletion] {
        if waiting, let next = file.nextEnd { clock.advance(to: next) }
        return file.end(now: clock.now, &arena)
    }

    func fault(_ text: String) {
        if faults.count < SimulationLimits.chaosFaults {
            faults.append("step \(report.steps): \(text)")
        }
    }
}

// MARK: - Pages

extension CheckingExecutor {
    private func move(_ transfer: BlockTransfer) {
        switch transfer {
        case .copy(let from, let to):
            guard check(from, "is copied"), check(to, "is copied to") else { return }
            arena[to] = arena[from]
        case .store(let block, let slot):
            guard check(block, "is stored"), check(host: slot, isWritten: true) else { return }
            arena[host: slot] = arena[block]
        case .load(let slot, let block):
            guard check(block, "is loaded"), check(host: slot, isWritten: false) else { return }
            arena[block] = arena[host: slot]
        }
    }

    private func check(_ block: BlockID, _ verb: String) -> Bool {
        let isThere = arena.has(block)
        if !isThere { fault("block \(block) \(verb)") }
        return isThere
    }

    private func check(host slot: Int, isWritten: Bool) -> Bool {
        guard arena.has(host: slot) else {
            fault("host slot \(slot) is not there")
            return false
        }
        let usage = file.usage(of: slot)
        if usage.isWritten || (usage.isUsed && isWritten) {
            fault("host slot \(slot) is moved while the file tier uses it")
        }
        return true
    }

    /// A failing step may have had any effect on what it was to write.
    private func damage(_ step: borrowing StepPlan) {
        guard dice.chance(75) else { return }
        for transfer in step.transfers where dice.chance(75) {
            switch transfer {
            case .copy(_, let to) where arena.has(to): arena[to] = arena.garbage(&dice)
            case .load(_, let block) where arena.has(block): arena[block] = arena.garbage(&dice)
            case .store(_, let slot) where arena.has(host: slot):
                arena[host: slot] = arena.garbage(&dice)
            case .copy, .load, .store: break
            }
        }
        for row in step.rows {
            for group in layout.groups.indices {
                for position in row.startPosition..<row.contextLength where dice.chance(75) {
                    guard let place = place(of: position, group, row, step) else { continue }
                    arena[place.block, place.offset] = .garbage(&dice)
                }
            }
        }
    }
}

// MARK: - Slots

extension CheckingExecutor {
    private func place(
        of position: Int, _ group: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> (block: BlockID, offset: Int)? {
        let (entry, offset) = position.quotientAndRemainder(dividingBy: layout.blockSize)
        guard entry < row.tableLength else {
            fault("sequence \(row.sequence) has no entry for position \(position)")
            return nil
        }
        let block = step.blockTables[group][row.tableStart + entry]
        guard arena.has(block) else {
            fault("sequence \(row.sequence) has position \(position) in block \(block)")
            return nil
        }
        return (block, offset)
    }

    /// Writes what a row computes, in all groups.
    private func write(_ row: StepPlan.Row, _ index: Int, _ step: borrowing StepPlan) {
        var chain = ChaosModel.start
        if row.startPosition > 0 {
            guard let place = place(of: row.startPosition - 1, widest, row, step) else { return }
            chain = arena[place.block, place.offset].chain
        }
        for token in row.queryStart..<row.queryStart + row.queryLength {
            let position = row.startPosition + token - row.queryStart
            if Int(step.positions[token]) != position {
                fault("a token at position \(step.positions[token]) instead of \(position)")
            }
            chain = model.extend(chain, step.tokens[token])
            for group in layout.groups.indices {
                guard let place = place(of: position, group, row, step) else { return }
                let slot = Int(place.block.rawValue) * layout.blockSize + place.offset
                if let other = writers.updateValue(index, forKey: slot) {
                    fault("rows \(other) and \(index) write to block \(place.block)")
                }
                arena[place.block, place.offset] = ChaosArena.Slot(
                    chain: chain, token: step.tokens[token], position: Int32(position),
                    group: Int32(group))
            }
        }
    }

    /// Reads what the queries of a row see, and makes the logits of its outputs.
    private func read(_ row: StepPlan.Row, _ step: borrowing StepPlan) {
        for group in layout.groups.indices { check(row, group, step) }
        for output in row.outputStart..<row.outputStart + row.outputLength {
            let token = Int(step.outputs[output])
            let offset = token - row.queryStart
            guard offset >= 0, offset < row.queryLength else {
                fault("an output of token \(token), which is not of its row")
                return
            }
            guard let place = place(of: row.startPosition + offset, widest, row, step) else {
                return
            }
            fill(output, arena[place.block, place.offset].chain)
        }
    }

    /// Checks every slot that a query of a row sees in a group.
    private func check(_ row: StepPlan.Row, _ group: Int, _ step: borrowing StepPlan) {
        let first = layout.groups[group].span.firstVisible(from: row.startPosition)
        var before: ChaosModel.Chain? = first == 0 ? ChaosModel.start : nil
        for position in first..<row.contextLength {
            guard let place = place(of: position, group, row, step) else { return }
            let slot = arena[place.block, place.offset]
            guard Int(slot.position) == position, Int(slot.group) == group else {
                fault(
                    "sequence \(row.sequence) finds in block \(place.block) position "
                        + "\(slot.position) of group \(slot.group) instead of \(position) of "
                        + "\(group)")
                return
            }
            if let before, model.extend(before, slot.token) != slot.chain {
                fault(
                    "sequence \(row.sequence) finds another history at position \(position), "
                        + "in block \(place.block)")
                return
            }
            before = slot.chain
        }
        guard group != widest, let before,
            let place = place(of: row.contextLength - 1, widest, row, step)
        else { return }
        if arena[place.block, place.offset].chain != before {
            fault("groups of sequence \(row.sequence) differ in their history")
        }
    }

    private func fill(_ output: Int, _ chain: ChaosModel.Chain) {
        var peak = LogitPeak(token: 0, logit: -.infinity)
        logitRows.withMutableRow(output) { row in
            for token in row.indices {
                let logit = model.logit(chain, token)
                row[token] = logit
                if logit > peak.logit { peak = LogitPeak(token: token, logit: logit) }
            }
        }
        if chain & 1 == 1 { peak.logit = .nan }
        peaks.append(peak)
    }

    private func swapOutputs() {
        var first: [Float] = []
        logitRows.withMutableRow(0) { row in first = row.indices.map { row[$0] } }
        var second: [Float] = []
        logitRows.withMutableRow(1) { row in
            second = row.indices.map { row[$0] }
            for token in row.indices { row[token] = first[token] }
        }
        logitRows.withMutableRow(0) { row in
            for token in row.indices { row[token] = second[token] }
        }
        peaks.swapAt(0, 1)
    }
}
