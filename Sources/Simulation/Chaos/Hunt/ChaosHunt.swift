/// Runs seed after seed, and makes of a failure what a person can read.
///
/// Whoever owns it says how a task is run: in this process, or in others that may die of it.
package struct ChaosHunt {
    /// A failing seed.
    package struct Catch: Hashable, Sendable {
        /// The seed.
        package var seed: UInt64
        /// What was found.
        package var failure: ChaosFailure
        /// The smallest script that fails so.
        package var script: ChaosScript
        /// Scripts that were tried for it.
        package var attempts: Int
    }

    /// A planted bug and who found it.
    package struct Planted: Hashable, Sendable {
        /// The bug.
        package var plant: ChaosPlant
        /// Seeds that were run with it.
        package var seeds: Int
        /// The one in which it was found; nil: it was not.
        package var seed: UInt64?
        /// What was found.
        package var failure: ChaosFailure?
    }

    /// What was found so far.
    package struct Summary: Hashable, Sendable {
        /// Seeds that were run.
        package var seeds = 0
        /// Turns of all runs.
        package var turns = 0
        /// Steps of all runs.
        package var steps = 0
        /// In how many seeds a state was reached.
        package var marks: [ChaosMark: Int] = [:]
        /// Failures.
        package var catches: [Catch] = []

        /// The states that no run has reached.
        package var missing: [ChaosMark] { ChaosMark.allCases.filter { marks[$0] == nil } }
    }

    /// What was found so far.
    package private(set) var summary = Summary()
    private let ask: (ChaosTask) throws -> ChaosReply
    private let askAgain: (ChaosTask) throws -> ChaosReply

    /// A hunt.
    ///
    /// - Parameters:
    ///   - ask: runs a task.
    ///   - askAgain: runs it a second time, in another process.
    package init(
        ask: @escaping (ChaosTask) throws -> ChaosReply,
        askAgain: @escaping (ChaosTask) throws -> ChaosReply
    ) {
        self.ask = ask
        self.askAgain = askAgain
    }

    /// Runs a seed twice, in two processes; both must be equal to the last bit.
    ///
    /// - Returns: what failed, made small.
    package mutating func run(seed: UInt64) throws -> Catch? {
        let task = ChaosTask.seed(seed, plant: nil)
        let (ask, askAgain) = (ask, askAgain)
        let reply = try ask(task)
        let second = try askAgain(task)
        summary.seeds += 1
        summary.turns += reply.turns
        summary.steps += reply.steps
        for mark in reply.marks { summary.marks[mark, default: 0] += 1 }
        guard second == reply else {
            let failure = ChaosFailure(.determinism, "two processes run seed \(seed) differently")
            return try caught(seed, failure, task.script) { script in
                try ask(.script(script)) != askAgain(.script(script))
            }
        }
        guard let failure = reply.failure else { return nil }
        return try caught(seed, failure, task.script) { script in
            try ask(.script(script)).failure?.checker == failure.checker
        }
    }

    private mutating func caught(
        _ seed: UInt64, _ failure: ChaosFailure, _ script: ChaosScript,
        _ fails: @escaping (ChaosScript) throws -> Bool
    ) throws -> Catch {
        var shrinker = ChaosShrinker(fails: fails)
        let small = try shrinker.shrink(script)
        let found = Catch(
            seed: seed, failure: try ask(.script(small)).failure ?? failure, script: small,
            attempts: shrinker.attempts)
        summary.catches.append(found)
        return found
    }

    /// Runs seeds with a planted bug until it is found.
    package func plant(
        _ plant: ChaosPlant, from seed: UInt64, seeds: Int
    ) throws -> Planted {
        for count in 0..<seeds {
            let next = seed &+ UInt64(count)
            if let failure = try ask(.seed(next, plant: plant)).failure {
                return Planted(plant: plant, seeds: count + 1, seed: next, failure: failure)
            }
        }
        return Planted(plant: plant, seeds: seeds, seed: nil, failure: nil)
    }
}
