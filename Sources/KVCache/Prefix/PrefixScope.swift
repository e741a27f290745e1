/// What keeps prefix caches apart: requests share cached blocks only within one scope.
///
/// The parts are tagged when they are hashed, so that a salt can never be taken for an adapter of
/// the same name; and scopes are compared exactly, so that no collision of hashes joins two.
public struct PrefixScope: Hashable, Sendable {
    /// A secret of a tenant: without it, nothing of what is cached can be found out by timing.
    public var salt: String?

    /// The adapter whose weights computed the keys and values.
    public var adapter: String?

    /// A scope.
    public init(salt: String? = nil, adapter: String? = nil) {
        self.salt = salt
        self.adapter = adapter
    }

    /// The scope of requests that name none.
    public static let shared = PrefixScope()
}
