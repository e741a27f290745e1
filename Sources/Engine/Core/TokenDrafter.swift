package import QuireIdentifiers
import Scheduling

/// Proposes what the next tokens of a sequence are: by a small model, or by what its text repeats.
///
/// The model computes the proposals together with the token before them, and one is taken if it is
/// the token that would have come without it. So they change the time that an answer takes, and
/// not a bit of it.
package protocol TokenDrafter {
    /// Proposals for what follows a sequence's tokens, `count` at most; none is an answer too.
    mutating func draft(after tokens: [TokenID], atMost count: Int) -> [TokenID]
}

extension EngineCore {
    /// Asks for proposals for the sequences that a step has brought a token.
    func proposeDrafts() {
        guard drafter != nil else { return }
        for row in plan.rows where row.samples {
            guard let seat = seats[row.sequence], seat.job.takesDrafts,
                let tokens = scheduler.tokens(of: row.sequence),
                let drafts = drafter?.draft(after: tokens, atMost: EngineLimits.maxDrafts)
            else { continue }
            let known = drafts.prefix { Int($0.rawValue) < executor.vocabularySize }
            scheduler.propose(Array(known.prefix(EngineLimits.maxDrafts)), for: row.sequence)
        }
    }

    /// The draft that stands behind an output of a row of the step that was executed; nil where
    /// there is none.
    func draft(after output: Int, of row: StepPlan.Row) -> TokenID? {
        let next = output + 1
        guard next < row.outputLength, next >= row.outputLength - row.draftLength else {
            return nil
        }
        return plan.tokens[row.queryStart + row.queryLength - row.outputLength + next]
    }
}
