/// How long to wait between attempts, and when to give up.
struct RetryPolicy: Sendable {
    var attempts = ModelStoreLimits.attempts
    var firstDelay = Duration.milliseconds(500)
    var longestDelay = Duration.seconds(30)
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// The failures of one request, in a row.
    struct Attempts {
        private let policy: RetryPolicy
        private let connectAttempts: Int
        private(set) var failures = 0

        init(_ policy: RetryPolicy, connectAttempts: Int? = nil) {
            self.policy = policy
            self.connectAttempts = connectAttempts ?? policy.attempts
        }

        /// Takes note of a failure: the wait before the next attempt, or the error when there
        /// is none. Progress since the last failure starts the count again.
        mutating func delay(
            after failure: TransferFailure, progress: Int = 0
        ) throws(TransferFailure) -> Duration {
            if progress >= ModelStoreLimits.progressBytes { failures = 0 }
            failures += 1
            switch failure.kind {
            case .permanent, .changed, .rangesRefused:
                throw failure
            case .connection where failures >= connectAttempts:
                throw failure
            case .connection, .transient:
                guard failures < policy.attempts else { throw failure }
            }
            if let wanted = failure.retryAfter, wanted > ModelStoreLimits.retryAfter {
                throw TransferFailure(
                    permanent: ModelStoreError(
                        failure.error.code,
                        "\(failure.error) It asks to wait \(wanted.components.seconds) s."))
            }
            let backOff = policy.firstDelay * (1 << min(failures - 1, 20))
            return max(failure.retryAfter ?? .zero, min(backOff, policy.longestDelay))
        }
    }

    /// Waits; a wait that is cancelled is the end.
    func pause(_ delay: Duration) async throws(TransferFailure) {
        do {
            try await sleep(delay)
        } catch {
            throw TransferFailure.cancelled
        }
    }
}
