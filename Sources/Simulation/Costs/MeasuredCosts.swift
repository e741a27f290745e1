/// What steps take on a machine on which they were measured.
///
/// The time of a step without its attention is a curve over its tokens, given by points with
/// straight lines between them: few tokens are bound by reading the weights, many by arithmetic,
/// and kernels change in between. Rows of one token cost what their context costs to read, longer
/// rows what their pairs cost to compute; every row of logits costs the same.
package struct MeasuredCosts: CostModel, Hashable, Codable {
    /// A point of the curve.
    package struct Point: Hashable, Sendable, Codable {
        /// Tokens of a step.
        package var tokens: Int
        /// Seconds without attention and logits.
        package var seconds: Double

        /// A point.
        package init(tokens: Int, seconds: Double) {
            self.tokens = tokens
            self.seconds = seconds
        }
    }

    /// What was measured where.
    package var name: String
    /// The curve, by rising tokens; at least one point.
    package var curve: [Point]
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
    /// Seconds of the host for each row with a token for its reader.
    package var hostOutput = 0.0
    /// Seconds of a request before it is queued.
    package var arrival = 0.0
    /// Seconds of a prompt's token before it is queued.
    package var arrivalToken = 0.0
    /// Seconds from a token to its reader.
    package var delivery = 0.0
    /// How well the formula fits what it was fitted to; nil: it was not fitted.
    package var fit: Fit?

    /// How far a fit is from what was measured.
    package struct Fit: Hashable, Sendable, Codable {
        /// Steps that it was fitted to.
        package var steps: Int
        /// Half of the steps are no further off than this share of their time.
        package var medianError: Double
        /// The sum of all steps' times is off by this share.
        package var totalError: Double

        /// Numbers of a fit.
        package init(steps: Int, medianError: Double, totalError: Double) {
            self.steps = steps
            self.medianError = medianError
            self.totalError = totalError
        }
    }

    /// Costs of a curve, and nothing else.
    package init(name: String, curve: [Point]) {
        self.name = name
        self.curve = curve
    }

    /// Checks what a file brought.
    ///
    /// - Throws: `ServiceError` that names what is wrong.
    package func check() throws(ServiceError) {
        guard !curve.isEmpty else { throw ServiceError("the costs have no point of a curve") }
        for (one, next) in zip(curve, curve.dropFirst()) where next.tokens <= one.tokens {
            throw ServiceError("the tokens of the costs' curve do not rise at \(next.tokens)")
        }
        guard curve[0].tokens >= 0 else { throw ServiceError("the costs' curve begins below 0") }
        let numbers =
            curve.map(\.seconds) + [
                output, context, pair, transfer, host, hostOutput, arrival, arrivalToken, delivery,
            ]
        if let wrong = numbers.first(where: { !(0...ServiceLimits.stepSeconds ~= $0) }) {
            throw ServiceError(
                "the costs have a time of \(wrong) s; times are from 0 s to "
                    + "\(ServiceLimits.stepSeconds) s")
        }
        let errors = [fit?.medianError ?? 0, fit?.totalError ?? 0]
        if let wrong = errors.first(where: { !($0 >= 0 && $0 < 1) }) {
            throw ServiceError(
                "the costs' fit has an error of \(wrong), a share that is from 0 to below 1; "
                    + "measure again")
        }
    }

    /// The sum of the parts.
    package func seconds(_ work: borrowing StepWork) -> Double {
        curveSeconds(work.tokens) + output * Double(work.outputs)
            + context * Double(work.decodeContext) + pair * Double(work.prefillPairs)
            + transfer * Double(work.transfers)
    }

    /// The curve at a number of tokens: straight between its points, and on in the direction of the
    /// last two beyond them; never below 0.
    ///
    /// - Complexity: O(log points).
    package func curveSeconds(_ tokens: Int) -> Double {
        guard curve.count > 1 else { return curve[0].seconds }
        var low = 0
        var high = curve.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if curve[middle].tokens <= tokens { low = middle } else { high = middle }
        }
        let (one, next) = (curve[low], curve[high])
        let share = Double(tokens - one.tokens) / Double(next.tokens - one.tokens)
        return max(0, one.seconds + share * (next.seconds - one.seconds))
    }

    /// The sum of the parts.
    package func hostSeconds(_ work: borrowing StepWork) -> Double {
        host + hostOutput * Double(work.outputs)
    }

    /// The sum of the parts.
    package func arrivalSeconds(promptTokens: Int) -> Double {
        arrival + arrivalToken * Double(promptTokens)
    }

    /// What a token takes to its reader.
    package var deliverySeconds: Double { delivery }
}
