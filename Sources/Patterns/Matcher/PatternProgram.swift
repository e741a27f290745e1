/// A pattern as a list of instructions for `Matcher`.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// One scalar of a set.
        case scalar(set: Int)
        /// Many scalars of a set: a repetition that needs no entry for each on the stack.
        case run(set: Int, minimum: Int, maximum: Int, greed: PatternSyntax.Greed)
        case jump(Int)
        /// Goes on with the first, then with the other. The first is not tried where the next
        /// scalar is not in `set` (-1: always tried).
        case choice(Int, other: Int, set: Int)
        case anchor(PatternAnchor)
        /// Goes on at `after` if the instructions from here on match, or do not.
        case lookAhead(isNegative: Bool, after: Int)
        /// As `lookAhead`, from so many scalars before to here.
        case lookBehind(isNegative: Bool, widths: ClosedRange<Int>, after: Int)
        /// Goes on at `after` where the instructions from here on first matched to.
        case atomic(after: Int)
        /// Notes the position at the beginning of a round of a loop.
        case mark(register: Int)
        /// Makes another round, unless the last one matched nothing.
        case again(Int, register: Int)
        /// The end, of the pattern or of a part that is matched by itself.
        case accept
    }

    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []
    var registers = 0
    /// The scalars that a match may begin with; nil if it may be empty.
    var first: ScalarSet?
}

extension PatternSyntax {
    /// What a part may begin with, a superset, and whether it may match nothing.
    var beginning: (set: ScalarSet, mayBeEmpty: Bool) {
        switch self {
        case .empty, .anchor, .look: return (ScalarSet([]), true)
        case .scalars(let set): return (set, false)
        case .atomic(let part): return part.beginning
        case .repetition(let part, let counted):
            let (set, mayBeEmpty) = part.beginning
            return (set, mayBeEmpty || counted.minimum == 0)
        case .choice(let branches):
            let all = branches.map(\.beginning)
            return (
                ScalarSet(all.flatMap(\.set.ranges)), all.contains { $0.mayBeEmpty }
            )
        case .sequence(let parts):
            var ranges: [ClosedRange<UInt32>] = []
            for part in parts {
                let (set, mayBeEmpty) = part.beginning
                ranges += set.ranges
                if !mayBeEmpty { return (ScalarSet(ranges), false) }
            }
            return (ScalarSet(ranges), true)
        }
    }

    /// How many scalars a part matches, at least and at most; nil for no most.
    package var width: (least: Int, most: Int?) {
        switch self {
        case .empty, .anchor, .look: return (0, 0)
        case .scalars: return (1, 1)
        case .atomic(let part): return part.width
        case .sequence(let parts):
            return parts.reduce((0, 0)) { sum, part in
                let (least, most) = part.width
                return (Self.sum(sum.0, least), sum.1.flatMap { a in most.map { Self.sum(a, $0) } })
            }
        case .choice(let branches):
            let all = branches.map(\.width)
            let most: Int? = all.reduce(0) { most, width in
                most.flatMap { a in width.most.map { max(a, $0) } }
            }
            return (all.map(\.least).min() ?? 0, most)
        case .repetition(let part, let counted):
            let (least, most) = part.width
            let full = most.flatMap { most in
                most == 0 ? 0 : counted.maximum.map { Self.product(most, $0) }
            }
            return (Self.product(least, counted.minimum), full)
        }
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (value, isOver) = a.addingReportingOverflow(b)
        return isOver ? .max : value
    }

    private static func product(_ a: Int, _ b: Int) -> Int {
        let (value, isOver) = a.multipliedReportingOverflow(by: b)
        return isOver ? .max : value
    }
}
