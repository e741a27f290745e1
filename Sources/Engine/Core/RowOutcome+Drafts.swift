import QuireIdentifiers
import Scheduling

extension RowOutcome {
    /// The outcome of a row with drafts, of which this is one output's; nil while what was sampled
    /// is the draft that stands there, so that the next output counts.
    ///
    /// - Parameters:
    ///   - accepted: the drafts that came before.
    ///   - draft: the draft that stands behind the output; nil behind the last.
    func after(_ accepted: inout [TokenID], draft: TokenID?) -> RowOutcome? {
        switch self {
        case .sampled(let token):
            accepted.append(token)
            if token == draft { return nil }
            return accepted.count == 1 ? self : .accepted(accepted)
        case .finished(let reason):
            return accepted.isEmpty ? self : .accepted(accepted, ending: reason)
        case .advanced, .accepted, .forked, .held:
            return self
        }
    }
}
