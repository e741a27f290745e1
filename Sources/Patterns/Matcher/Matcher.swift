/// Searches a stretch of UTF-8 for one pattern, by trying the alternatives in order. What is left
/// to try is a stack of its own: only the pattern's depth is recursed on.
struct Matcher: ~Escapable {
    private let program: PatternProgram
    private let text: UTF8Text
    private var steps: Int
    private var stack: [Choice] = []
    private var registers: [Int]
    /// Whether a search came to the end of its steps: what it found since is not to be used.
    private(set) var isExhausted = false

    /// What to do when the way taken fails.
    private struct Choice {
        enum Kind {
            /// Goes on from the position.
            case branch
            /// Gives back a scalar of a run, down to the limit.
            case shorter
            /// Takes a scalar more of the set into a run, up to so many.
            case longer(set: Int)
            /// A loop's register as it was.
            case register
        }
        var kind: Kind
        var target: Int
        var position: Int
        var limit: Int
    }

    @_lifetime(copy bytes)
    init(_ program: PatternProgram, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        self.program = program
        text = UTF8Text(bytes, range)
        registers = Array(repeating: -1, count: program.registers)
        steps = PatternLimits.baseSteps + range.count * PatternLimits.stepsPerByte
    }

    /// Where the next scalar begins.
    func after(_ position: Int) -> Int { text.scalar(at: position).end }

    /// The leftmost match that begins at a position or behind it.
    mutating func firstMatch(from position: Int) -> Range<Int>? {
        var start = position
        while !isExhausted {
            if let first = program.first {
                while start < text.range.upperBound {
                    let (scalar, next) = text.scalar(at: start)
                    if first.contains(scalar) { break }
                    start = next
                }
                guard start < text.range.upperBound else { return nil }
            }
            if let end = run(from: 0, at: start) { return start..<end }
            guard start < text.range.upperBound else { return nil }
            start = after(start)
        }
        return nil
    }

    /// Follows instructions to `accept`; where that is in the text, or nil.
    private mutating func run(from target: Int, at position: Int) -> Int? {
        let base = stack.count
        var state = State(target: target, position: position)
        while true {
            steps -= 1
            if steps < 0 { isExhausted = true }
            if isExhausted {
                stack.removeLast(stack.count - base)
                return nil
            }
            switch step(&state) {
            case .going: break
            case .accepted:
                stack.removeLast(stack.count - base)
                return state.position
            case .failed:
                guard resume(&state, base) else { return nil }
            }
        }
    }

    private struct State {
        var target: Int
        var position: Int
    }

    private enum Outcome {
        case going
        case failed
        case accepted
    }

    @inline(__always)
    private mutating func step(_ state: inout State) -> Outcome {
        let here = state.target
        state.target += 1
        switch program.instructions[here] {
        case .scalar(let set):
            guard let end = member(of: set, at: state.position) else { return .failed }
            state.position = end
        case .run(let set, let minimum, let maximum, let greed):
            return run(set, minimum, maximum, greed, &state)
        case .jump(let target): state.target = target
        case .choice(let first, let other, let set):
            if set >= 0, member(of: set, at: state.position) == nil {
                state.target = other
            } else {
                push(.branch, other, state.position)
                state.target = first
            }
        case .anchor(let anchor): return text.holds(anchor, at: state.position) ? .going : .failed
        case .lookAhead(let isNegative, let after):
            let matches = run(from: here + 1, at: state.position) != nil
            guard matches != isNegative else { return .failed }
            state.target = after
        case .lookBehind(let isNegative, let widths, let after):
            guard matches(before: state.position, widths, from: here + 1) != isNegative else {
                return .failed
            }
            state.target = after
        case .atomic(let after):
            guard let end = run(from: here + 1, at: state.position) else { return .failed }
            state = State(target: after, position: end)
        case .mark(let register):
            push(.register, register, registers[register])
            registers[register] = state.position
        case .again(let start, let register):
            if registers[register] != state.position { state.target = start }
        case .accept: return .accepted
        }
        return .going
    }

    @inline(__always)
    private mutating func push(_ kind: Choice.Kind, _ target: Int, _ position: Int, limit: Int = 0)
    {
        stack.append(Choice(kind: kind, target: target, position: position, limit: limit))
    }

    /// The end of the scalar at a position, if there is one and it is in a set.
    @inline(__always)
    private func member(of set: Int, at position: Int) -> Int? {
        guard position < text.range.upperBound else { return nil }
        let (scalar, end) = text.scalar(at: position)
        return program.sets[set].contains(scalar) ? end : nil
    }
}

extension Matcher {
    /// A repetition of one set.
    @inline(__always)
    private mutating func run(
        _ set: Int, _ minimum: Int, _ maximum: Int, _ greed: PatternSyntax.Greed,
        _ state: inout State
    ) -> Outcome {
        var position = state.position
        var count = 0
        let wanted = greed == .lazy ? minimum : maximum
        var least = position
        while count < wanted, let end = member(of: set, at: position) {
            position = end
            count += 1
            if count == minimum { least = end }
        }
        steps -= count
        guard count >= minimum else { return .failed }
        switch greed {
        case .possessive: break
        case .greedy:
            if position > least { push(.shorter, state.target, position, limit: least) }
        case .lazy:
            if maximum > minimum {
                push(.longer(set: set), state.target, position, limit: maximum - minimum)
            }
        }
        state.position = position
        return .going
    }

    /// Whether instructions match from some scalars before a position to it.
    private mutating func matches(
        before position: Int, _ widths: ClosedRange<Int>, from target: Int
    ) -> Bool {
        var start = position
        for width in 0...widths.upperBound {
            if width >= widths.lowerBound, run(from: target, at: start, to: position) {
                return true
            }
            guard start > text.range.lowerBound else { return false }
            start = text.start(ofScalarBefore: start)
        }
        return false
    }

    /// Whether some way through the instructions ends at a position.
    private mutating func run(from target: Int, at position: Int, to end: Int) -> Bool {
        let base = stack.count
        defer { stack.removeLast(stack.count - base) }
        var state = State(target: target, position: position)
        while !isExhausted {
            steps -= 1
            if steps < 0 { isExhausted = true }
            switch step(&state) {
            case .going: continue
            case .accepted: if state.position == end { return true }
            case .failed: break
            }
            guard resume(&state, base) else { return false }
        }
        return false
    }

    /// Takes the last choice that is left; false if there is none above `base`.
    private mutating func resume(_ state: inout State, _ base: Int) -> Bool {
        while stack.count > base {
            var choice = stack.removeLast()
            switch choice.kind {
            case .register:
                registers[choice.target] = choice.position
                continue
            case .branch: state = State(target: choice.target, position: choice.position)
            case .shorter:
                choice.position = text.start(ofScalarBefore: choice.position)
                if choice.position > choice.limit { stack.append(choice) }
                state = State(target: choice.target, position: choice.position)
            case .longer(let set):
                guard let end = member(of: set, at: choice.position) else { continue }
                choice.position = end
                choice.limit -= 1
                if choice.limit > 0 { stack.append(choice) }
                state = State(target: choice.target, position: end)
            }
            return true
        }
        return false
    }
}
