/// The progress of a pull. Texts are fit to be shown: what came from a server or a program is
/// escaped.
package enum PullEvent: Hashable, Sendable {
    /// A source is about to be tried.
    case trying(String)
    /// A source failed and the next one is tried.
    case sourceFailed(String, reason: String)
    /// A step of a source that has several.
    case step(String)
    /// Bytes that have arrived, of how many; nil: that is not known.
    case progress(received: Int, total: Int?)
    /// A request failed and is repeated after a wait.
    case retrying(String, after: Duration)
    /// The download starts over.
    case restarting(String)
    /// The sum is being computed.
    case verifying
}
