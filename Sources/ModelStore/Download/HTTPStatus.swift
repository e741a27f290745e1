import NIOHTTP1

/// What the statuses of failure mean here.
enum HTTPStatus {
    static func failure(
        _ status: Int, headers: HTTPHeaders, at address: WebAddress
    ) -> TransferFailure {
        switch status {
        case 401, 403:
            return TransferFailure(
                .permanent, .unauthorized,
                """
                \(address) wants permission (status \(status)): the file is private, gated or \
                not there. If it is on the hub, accept its terms on the model's page and set \
                HF_TOKEN to a token of your account.
                """)
        case 404, 410:
            return TransferFailure(
                .permanent, .missingRemotely,
                "There is no \(address) (status \(status)): check the spelling of the source.")
        case 416:
            return TransferFailure(
                .changed, .remoteChanged, "\(address) is shorter than it was.")
        case 408, 429, 500, 502, 503, 504:
            var failure = TransferFailure(
                .transient, .refused, "\(address) is busy or out of order (status \(status)).")
            failure.retryAfter = headers.first(name: "Retry-After").flatMap(retryAfter)
            return failure
        default:
            return TransferFailure(
                .permanent, .refused, "\(address) answered with status \(status).")
        }
    }

    /// `Retry-After` in seconds (RFC 9110, section 10.2.3). The form with a date, which the hub
    /// and its caches do not use, leaves the wait to the policy.
    static func retryAfter(_ value: String) -> Duration? {
        Int(value).map { .seconds(min(max($0, 0), 1 << 30)) }
    }
}
