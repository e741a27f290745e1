package import KVCache
package import QuireIdentifiers
package import Scheduling

/// An executor whose logits are a hash of what a query can see, read back through the block
/// tables.
///
/// Instead of keys and values it stores, in each slot, the token and its position. A query reads
/// its history slot by slot, as attention does, and checks every position on the way: a wrong
/// table entry, a block given to two sequences, or a block returned too early cannot go unnoticed,
/// and two ways of computing the same sequence agree exactly when they saw the same tokens.
package final class HashExecutor: Executor {
    /// What a test makes go wrong.
    package struct Fault: Error {
        /// The number of the step, from 0, that throws.
        package let step: Int
    }

    /// Entries of a row of logits.
    package let vocabularySize: Int

    /// Tokens that one step may have.
    package let maxStepTokens: Int

    /// Outputs that one step may have.
    package let maxStepOutputs: Int

    /// The rows of every step so far.
    package private(set) var steps: [[StepPlan.Row]] = []

    /// The step that throws instead of running.
    package var failingStep: Int?

    /// A token at whose sight the logits are NaN.
    package var poison: TokenID?

    /// The records of a file tier; a test may change them, as a disk does.
    package var records: [Int: (record: TierRecord, page: Page)] = [:]

    /// Which operations of the file tier fail, by their number from 0.
    package var failingOperations: Set<Int> = []

    /// How often the completions of the file tier are asked for in vain before each.
    package var fileDelay = 0

    /// What the slots of a page hold.
    package typealias Page = [(token: TokenID, position: Int32)?]

    private var fileWork: [TierOperation] = []
    private var fileOperations = 0
    private var fileWait = 0

    private let layout: CacheLayout
    private var slots: [(token: TokenID, position: Int32)?]
    /// The slots of the host tier's pages.
    private var hostSlots: [(token: TokenID, position: Int32)?]
    private var outputs: [Float] = []

    /// An executor with room for the plan's blocks.
    package init(
        layout: CacheLayout, vocabularySize: Int = 32, maxStepTokens: Int = 1 << 16,
        maxStepOutputs: Int = 1 << 16, hostSlots: Int = 0
    ) {
        self.layout = layout
        self.vocabularySize = vocabularySize
        self.maxStepTokens = maxStepTokens
        self.maxStepOutputs = maxStepOutputs
        slots = Array(repeating: nil, count: layout.blockCount * layout.blockSize)
        self.hostSlots = Array(repeating: nil, count: hostSlots * layout.blockSize)
    }

    /// Moves pages, stores the step's tokens, then hashes what each output's query sees.
    package func execute(_ step: borrowing StepPlan) throws {
        precondition(step.tokens.count <= maxStepTokens, "more tokens than a step may have")
        precondition(step.outputs.count <= maxStepOutputs, "more outputs than a step may have")
        steps.append(step.rows)
        if failingStep == steps.count - 1 { throw Fault(step: steps.count - 1) }
        for transfer in step.transfers { move(transfer) }
        for row in step.rows { write(row, step) }
        outputs.removeAll()
        for row in step.rows {
            for index in row.outputStart..<row.outputStart + row.outputLength {
                let token = Int(step.outputs[index])
                precondition(
                    token >= row.queryStart && token < row.queryStart + row.queryLength,
                    "an output outside of its row")
                outputs.append(contentsOf: logits(at: Int(step.positions[token]), row, step))
            }
        }
    }

    /// The logits of an output of the last step.
    @_lifetime(borrow self)
    package func logits(_ index: Int) -> Span<Float> {
        let all = outputs.span
        let row = all.extracting(index * vocabularySize..<(index + 1) * vocabularySize)
        // The array is replaced only by `execute`, which ends the span by contract.
        return unsafe _overrideLifetime(row, borrowing: self)
    }

    /// Queues work of the file tier.
    package func start(_ operations: [TierOperation]) { fileWork += operations }

    /// Does what is queued, as late as a slow disk would, one operation at a time.
    package func takeCompletions(waiting: Bool) -> [TierCompletion] {
        guard !fileWork.isEmpty else { return [] }
        fileWait += 1
        guard waiting || fileWait > fileDelay else { return [] }
        fileWait = 0
        let operation = fileWork.removeFirst()
        defer { fileOperations += 1 }
        let succeeds = !failingOperations.contains(fileOperations)
        return [TierCompletion(operation, succeeded: succeeds && perform(operation))]
    }

    private func perform(_ operation: TierOperation) -> Bool {
        let (record, number) = (operation.record, operation.number)
        switch operation.kind {
        case .write(let slot):
            records[number] = (record, Array(hostSlots[hostPage(slot)]))
        case .save(let block):
            records[number] = (record, Array(slots[page(block)]))
        case .read(let slot):
            guard let found = records[number], found.record == record else { return false }
            hostSlots.replaceSubrange(hostPage(slot), with: found.page)
        }
        return true
    }

    private func move(_ transfer: BlockTransfer) {
        switch transfer {
        case .copy(let from, let to):
            let page = slots[self.page(from)]
            slots.replaceSubrange(self.page(to), with: page)
        case .store(let block, let slot):
            let page = slots[self.page(block)]
            hostSlots.replaceSubrange(hostPage(slot), with: page)
        case .load(let slot, let block):
            let page = hostSlots[hostPage(slot)]
            slots.replaceSubrange(self.page(block), with: page)
        }
    }

    /// The slots of a block.
    private func page(_ block: BlockID) -> Range<Int> {
        precondition(block != .null, "the null block has no page to move")
        let start = Int(block.rawValue) * layout.blockSize
        return start..<start + layout.blockSize
    }

    /// The slots of a page of the host tier.
    private func hostPage(_ slot: Int) -> Range<Int> {
        let start = slot * layout.blockSize
        precondition(slot >= 0 && start < hostSlots.count, "slot \(slot) is not there")
        return start..<start + layout.blockSize
    }

    private func write(_ row: StepPlan.Row, _ step: borrowing StepPlan) {
        for index in row.queryStart..<row.queryStart + row.queryLength {
            let position = step.positions[index]
            precondition(
                Int(position) == row.startPosition + index - row.queryStart, "a wrong position")
            for group in layout.groups.indices {
                slots[slot(of: Int(position), group, row, step)] = (step.tokens[index], position)
            }
        }
    }

    private func slot(
        of position: Int, _ group: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> Int {
        let entry = position / layout.blockSize
        precondition(entry < row.tableLength, "a position without a table entry")
        let block = step.blockTables[group][row.tableStart + entry]
        precondition(block != .null, "position \(position) is in the null block")
        return Int(block.rawValue) * layout.blockSize + position % layout.blockSize
    }

    private func logits(
        at position: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> [Float] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for (group, description) in layout.groups.enumerated() {
            for seen in description.span.firstVisible(from: position)...position {
                guard let stored = slots[slot(of: seen, group, row, step)] else {
                    preconditionFailure("position \(seen) was never written")
                }
                precondition(Int(stored.position) == seen, "another sequence's token")
                if stored.token == poison {
                    return Array(repeating: .nan, count: vocabularySize)
                }
                hash = Self.mix(hash ^ UInt64(stored.token.rawValue) &+ UInt64(group) << 32)
            }
        }
        return (0..<vocabularySize).map { token in
            Float(Self.mix(hash &+ UInt64(token)) >> 40) / Float(1 << 21)
        }
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
