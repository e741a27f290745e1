import QuireKit

/// Which file a command's model means.
enum ModelChoice {
    /// The file of an installed model or of a path. `demo` is the built-in model, unless a model
    /// of that name is installed.
    static func path(of name: String) throws -> String { try ModelLocation.path(of: name) }
}
