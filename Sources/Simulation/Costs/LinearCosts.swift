/// A cost model of a few numbers: every step costs `step`, every row, token, output and position
/// its own.
package struct LinearCosts: CostModel, Hashable {
    /// What it is called in results.
    package var name = "linear"
    /// Seconds of every step.
    package var step = 0.0
    /// Seconds of a row of one token.
    package var decode = 0.0
    /// Seconds of a token of a longer row.
    package var prefill = 0.0
    /// Seconds of a row of logits.
    package var output = 0.0
    /// Seconds of a position that a row of one token attends to.
    package var context = 0.0
    /// Seconds of a pair of a token and a position that it attends to, in longer rows.
    package var pair = 0.0
    /// Seconds of a page that is moved.
    package var transfer = 0.0
    /// Seconds of the host between two steps.
    package var host = 0.0
    /// Seconds of the host for each row.
    package var hostRow = 0.0
    /// Seconds of a request before it is queued.
    package var arrival = 0.0
    /// Seconds of a prompt's token before it is queued.
    package var arrivalToken = 0.0
    /// Seconds from a token to its reader.
    package var deliverySeconds = 0.0

    /// Nothing costs anything.
    package init() {}

    /// A weighted sum.
    package func seconds(_ work: borrowing StepWork) -> Double {
        let rows = step + decode * Double(work.decodes) + prefill * Double(work.prefillTokens)
        let attention = context * Double(work.decodeContext) + pair * Double(work.prefillPairs)
        return rows + attention + output * Double(work.outputs) + transfer * Double(work.transfers)
    }

    /// A weighted sum.
    package func hostSeconds(_ work: borrowing StepWork) -> Double {
        host + hostRow * Double(work.rows)
    }

    /// A weighted sum.
    package func arrivalSeconds(promptTokens: Int) -> Double {
        arrival + arrivalToken * Double(promptTokens)
    }
}
