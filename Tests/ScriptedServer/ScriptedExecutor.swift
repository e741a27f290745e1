import KVCache
import QuireIdentifiers
import Scheduling

/// An executor whose model is a script: it reads a prompt back out of its blocks, asks for the
/// answer to it, and has the engine generate that, token by token.
///
/// Like `HashExecutor` it keeps tokens and positions where a model keeps keys and values, and
/// checks each position on the way: a prefix that the cache got wrong is no answer at all. One
/// cache group, no tiers below the pool.
final class ScriptedExecutor: Executor {
    /// What is told of a prompt when its answer begins.
    struct Beginning {
        /// All its tokens.
        let prompt: [TokenID]
        /// How many of them were in the cache.
        let cached: Int
    }

    let vocabularySize: Int
    let maxStepTokens: Int
    let maxStepOutputs: Int

    private let layout: CacheLayout
    private let answer: (Beginning) -> [TokenID]
    private var slots: [Slot?]
    private var turns: [SequenceID: Turn] = [:]
    /// Tokens of a sequence that were there before its first step.
    private var cached: [SequenceID: Int] = [:]
    private var outputs: [Float]
    /// The token of each output of the last step.
    private var chosen: [Int] = []

    private struct Slot {
        let token: TokenID
        let position: Int32
    }

    private struct Turn {
        let promptLength: Int
        let answer: [TokenID]
    }

    /// Far above all others, so that no temperature and no penalty makes another one likely.
    private static let certain: Float = 1_000

    /// - Parameter answer: the answer to a prompt, with the token that ends it.
    init(
        layout: CacheLayout, vocabularySize: Int, maxStepTokens: Int, maxStepOutputs: Int,
        answer: @escaping (Beginning) -> [TokenID]
    ) {
        self.layout = layout
        self.vocabularySize = vocabularySize
        self.maxStepTokens = maxStepTokens
        self.maxStepOutputs = maxStepOutputs
        self.answer = answer
        slots = Array(repeating: nil, count: layout.blockCount * layout.blockSize)
        outputs = Array(repeating: 0, count: maxStepOutputs * vocabularySize)
    }

    func execute(_ step: borrowing StepPlan) {
        for transfer in step.transfers { move(transfer) }
        for row in step.rows { write(row, step) }
        for (index, token) in chosen.enumerated() { outputs[index * vocabularySize + token] = 0 }
        chosen.removeAll(keepingCapacity: true)
        for row in step.rows {
            for index in row.outputStart..<row.outputStart + row.outputLength {
                let position = step.positions[Int(step.outputs[index])]
                let token = Int(next(after: Int(position), row, step).rawValue)
                outputs[chosen.count * vocabularySize + token] = Self.certain
                chosen.append(token)
            }
        }
    }

    @_lifetime(borrow self)
    func logits(_ index: Int) -> Span<Float> {
        let start = index * vocabularySize
        let row = outputs.span.extracting(start..<start + vocabularySize)
        // The array is replaced only by `execute`, which ends the span by contract.
        return unsafe _overrideLifetime(row, borrowing: self)
    }

    func peak(_ index: Int) -> LogitPeak? { LogitPeak(token: chosen[index], logit: Self.certain) }

    private func move(_ transfer: BlockTransfer) {
        guard case .copy(let from, let to) = transfer else {
            preconditionFailure("there is no tier below the pool")
        }
        let size = layout.blockSize
        let source = Int(from.rawValue) * size
        for offset in 0..<size { slots[Int(to.rawValue) * size + offset] = slots[source + offset] }
    }

    private func write(_ row: StepPlan.Row, _ step: borrowing StepPlan) {
        if cached[row.sequence] == nil { cached[row.sequence] = row.startPosition }
        for index in row.queryStart..<row.queryStart + row.queryLength {
            let position = step.positions[index]
            slots[slot(of: Int(position), row, step)] = Slot(
                token: step.tokens[index], position: position)
        }
    }

    private func slot(
        of position: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> Int {
        let entry = position / layout.blockSize
        precondition(entry < row.tableLength, "a position without a table entry")
        let block = step.blockTables[0][row.tableStart + entry]
        precondition(block != .null, "position \(position) is in the null block")
        return Int(block.rawValue) * layout.blockSize + position % layout.blockSize
    }

    /// What the model has seen from one position to another.
    private func seen(
        _ positions: ClosedRange<Int>, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> [TokenID] {
        var tokens: [TokenID] = []
        tokens.reserveCapacity(positions.count)
        for position in positions {
            guard let slot = slots[slot(of: position, row, step)] else {
                preconditionFailure("position \(position) was never written")
            }
            precondition(Int(slot.position) == position, "another sequence's token")
            tokens.append(slot.token)
        }
        return tokens
    }

    private func next(
        after position: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> TokenID {
        let turn = turns[row.sequence] ?? begin(after: position, row, step)
        turns[row.sequence] = turn
        let count = position + 1 - turn.promptLength
        if count > 0 {
            let own = seen(turn.promptLength...position, row, step)
            precondition(own == Array(turn.answer.prefix(count)), "another answer was generated")
        }
        if count == turn.answer.count - 1 { turns[row.sequence] = nil }
        return turn.answer[count]
    }

    private func begin(
        after position: Int, _ row: StepPlan.Row, _ step: borrowing StepPlan
    ) -> Turn {
        let prompt = seen(0...position, row, step)
        let cached = cached.removeValue(forKey: row.sequence) ?? 0
        let tokens = answer(Beginning(prompt: prompt, cached: cached))
        precondition(!tokens.isEmpty, "an answer without its end")
        return Turn(promptLength: prompt.count, answer: tokens)
    }
}
