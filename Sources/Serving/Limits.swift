import NIOCore

/// The bounds of what clients may ask of the server; a field each, so that a test or an operator
/// can draw one closer.
package struct ServingLimits: Sendable {
    /// Bytes of a request's body.
    package var bodyBytes = 32 << 20

    /// Bytes of one header field, its name included, and of the request's path.
    package var headerFieldBytes = 16 << 10

    /// Bytes of all header fields of a request.
    package var headerBytes = 64 << 10

    /// Header fields of a request.
    package var headerFields = 200

    /// Connections that are open at once; more wait to be accepted.
    package var connections = 1_024

    /// Connections that the system keeps until they are accepted.
    package var backlog = 256

    /// From the opening of a connection to the end of its first request's header.
    package var headerTime = Duration.seconds(10)

    /// From the end of an answer to the end of the next request's header.
    package var idleTime = Duration.seconds(75)

    /// The time that a body has in any case, and the bytes for which it gets another second.
    package var bodyTime = Duration.seconds(20)

    /// See `bodyTime`.
    package var bodyBytesPerSecond = 16 << 10

    /// How long a client may take nothing of an answer that waits for it. The answer is cancelled
    /// then; until then it is made and kept, once, which is what bounds the memory it takes.
    package var writeTime = Duration.seconds(60)

    /// How long a connection that is to be closed is read from, so that the answer is not lost in
    /// the reset that unread bytes bring about.
    package var lingerTime = Duration.seconds(2)

    /// After this time without data a stream gets an event that says nothing.
    package var heartbeat = Duration.seconds(15)

    /// How long requests have to end once they were cut at a shutdown.
    package var cutTime = Duration.seconds(2)

    /// The defaults.
    package init() {}
}

/// Bounds that nobody needs to move.
enum FixedLimits {
    /// The time that what listens at a port has to say what it is.
    static let probeTime = Duration.seconds(5)

    /// Bytes of what it says.
    static let probeBytes = 1 << 20

    /// Names in the header that lists the fields that were passed over.
    static let ignoredNames = 32

    /// Characters of each.
    static let ignoredCharacters = 64

    /// Characters of a request's own id in `x-request-id`.
    static let requestIDCharacters = 128

    /// Characters of a path that an error repeats.
    static let pathCharacters = 200

    /// Requests in a list of those that have not ended.
    static let listedRequests = 1_000

    /// Bytes of a body that is read where it came; a larger one is on a thread for long work.
    static let bytesReadAtOnce = 64 << 10

    /// Bytes of an API key.
    static let keyBytes = 4_096
}

extension Duration {
    var amount: TimeAmount {
        let (seconds, attoseconds) = components
        return .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
