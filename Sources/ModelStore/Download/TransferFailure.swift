/// Why one request did not do its part, and what may be done about it.
struct TransferFailure: Error {
    enum Kind {
        /// No connection came about.
        case connection
        /// The same request may succeed later.
        case transient
        /// The same request will fail again.
        case permanent
        /// The file on the server is another one now.
        case changed
        /// The server does not serve ranges of the file.
        case rangesRefused
    }

    let kind: Kind
    let error: ModelStoreError
    /// The wait that the server asked for.
    var retryAfter: Duration?

    init(_ kind: Kind, _ code: ModelStoreError.Code, _ message: String) {
        self.kind = kind
        error = ModelStoreError(code, message)
    }

    init(permanent error: ModelStoreError) {
        kind = .permanent
        self.error = error
    }

    static let cancelled = TransferFailure(
        .permanent, .cancelled,
        "Stopped. What has arrived is kept: the same command goes on from there.")
}
