/// A thought that goes through a client which may not show it, or does not send it back in the
/// clear: in the field that services use for signatures and encrypted thoughts, which clients
/// return untouched.
///
/// It is neither signed nor encrypted: it comes from the client's own conversation, and whatever
/// the client makes of it changes that conversation alone.
enum CarriedThought {
    /// What the fields of this server begin with; those of others are of no use here.
    static let mark = "quire:"

    /// The field's value for a thought.
    static func field(_ thought: String) -> String { mark + thought }

    /// The thought in a field; nil: none, or another server's.
    static func thought(in field: String?) -> String? {
        guard let field, field.hasPrefix(mark), field.utf8.count > mark.utf8.count else {
            return nil
        }
        return String(field.dropFirst(mark.count))
    }
}
