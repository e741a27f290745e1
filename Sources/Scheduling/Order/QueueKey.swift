/// Where a request stands in its lane of the queue: lower goes first, equals by submission.
public struct QueueKey: Hashable, Comparable, Sendable {
    /// Decides first.
    public var major: Int
    /// Decides among equals of `major`.
    public var minor: Duration

    /// Goes before a key with a higher `major`, or an equal one and a higher `minor`.
    public init(major: Int = 0, minor: Duration) {
        self.major = major
        self.minor = minor
    }

    /// Whether `left` goes before `right`.
    public static func < (left: QueueKey, right: QueueKey) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
