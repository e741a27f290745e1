/// Turns a tree into instructions.
struct ProgramBuilder {
    private var program = PatternProgram()
    private var setIndex: [ScalarSet: Int] = [:]

    static func program(of syntax: PatternSyntax) throws(PatternError) -> PatternProgram {
        var builder = ProgramBuilder()
        try builder.add(syntax)
        try builder.emit(.accept)
        let (set, mayBeEmpty) = syntax.beginning
        builder.program.first = mayBeEmpty ? nil : set
        return builder.program
    }

    private var here: Int { program.instructions.count }

    private mutating func emit(_ instruction: PatternProgram.Instruction) throws(PatternError) {
        guard here < PatternLimits.instructions else {
            throw PatternError(
                .tooLarge,
                "more than \(PatternLimits.instructions) instructions, repetitions written out",
                at: 0)
        }
        program.instructions.append(instruction)
    }

    private mutating func index(of set: ScalarSet) -> Int {
        if let index = setIndex[set] { return index }
        program.sets.append(set)
        setIndex[set] = program.sets.count - 1
        return program.sets.count - 1
    }

    private mutating func add(_ syntax: PatternSyntax) throws(PatternError) {
        switch syntax {
        case .empty: break
        case .scalars(let set): try emit(.scalar(set: index(of: set)))
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let branches): try add(branches)
        case .repetition(let part, let counted): try add(part, counted)
        case .anchor(let anchor): try emit(.anchor(anchor))
        case .atomic(let part): try addBody(part) { .atomic(after: $0) }
        case .look(let look, let part): try add(look, part)
        }
    }

    private mutating func add(_ branches: [PatternSyntax]) throws(PatternError) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            let isLast = index == branches.count - 1
            let place = here
            if !isLast { try emit(.accept) }
            try add(branch)
            guard !isLast else { continue }
            jumps.append(here)
            try emit(.accept)
            program.instructions[place] = .choice(place + 1, other: here, set: guardSet(branch))
        }
        for jump in jumps { program.instructions[jump] = .jump(here) }
    }

    /// The set that the next scalar must be in for a part to match, or -1.
    private mutating func guardSet(_ part: PatternSyntax) -> Int {
        let (set, mayBeEmpty) = part.beginning
        return mayBeEmpty ? -1 : index(of: set)
    }

    /// Instructions that are matched by themselves, between the one that says so and `accept`.
    private mutating func addBody(
        _ part: PatternSyntax, _ instruction: (Int) -> PatternProgram.Instruction
    ) throws(PatternError) {
        let place = here
        try emit(.accept)
        try add(part)
        try emit(.accept)
        program.instructions[place] = instruction(here)
    }

    private mutating func add(_ look: PatternLook, _ part: PatternSyntax) throws(PatternError) {
        guard look.isBehind else {
            return try addBody(part) { .lookAhead(isNegative: look.isNegative, after: $0) }
        }
        let (least, most) = part.width
        guard let most, most <= PatternLimits.lookbehind else {
            throw PatternError(
                .unsupported,
                "a lookbehind of more than \(PatternLimits.lookbehind) characters is not supported",
                at: 0)
        }
        try addBody(part) {
            .lookBehind(isNegative: look.isNegative, widths: least...most, after: $0)
        }
    }

    private mutating func add(
        _ part: PatternSyntax, _ counted: PatternSyntax.Repetition
    ) throws(PatternError) {
        if case .scalars(let set) = part {
            return try emit(
                .run(
                    set: index(of: set), minimum: counted.minimum,
                    maximum: counted.maximum ?? .max, greed: counted.greed))
        }
        if counted.greed == .possessive {
            var greedy = counted
            greedy.greed = .greedy
            return try addBody(.repetition(part, greedy)) { .atomic(after: $0) }
        }
        for _ in 0..<counted.minimum {
            let place = here
            try add(part)
            // What takes no instruction needs no more rounds.
            if here == place { break }
        }
        if let maximum = counted.maximum {
            try addOptional(part, maximum - counted.minimum, counted.greed)
        } else {
            try addLoop(part, counted.greed)
        }
    }

    /// So many times at most: each time inside of the one before.
    private mutating func addOptional(
        _ part: PatternSyntax, _ count: Int, _ greed: PatternSyntax.Greed
    ) throws(PatternError) {
        var choices: [Int] = []
        for _ in 0..<count {
            choices.append(here)
            try emit(.accept)
            try add(part)
        }
        let set = guardSet(part)
        for place in choices {
            program.instructions[place] =
                greed == .lazy
                ? .choice(here, other: place + 1, set: -1)
                : .choice(place + 1, other: here, set: set)
        }
    }

    /// Any number of times. A round that matches nothing ends the loop, which would not end else.
    private mutating func addLoop(
        _ part: PatternSyntax, _ greed: PatternSyntax.Greed
    ) throws(PatternError) {
        let start = here
        try emit(.accept)
        let (_, mayBeEmpty) = part.beginning
        if mayBeEmpty {
            let register = program.registers
            program.registers += 1
            try emit(.mark(register: register))
            try add(part)
            try emit(.again(start, register: register))
        } else {
            try add(part)
            try emit(.jump(start))
        }
        program.instructions[start] =
            greed == .lazy
            ? .choice(here, other: start + 1, set: -1)
            : .choice(start + 1, other: here, set: guardSet(part))
    }
}
