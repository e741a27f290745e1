import QuireKit
import Tensors

/// Which file a command's model means.
enum ModelChoice {
    /// The file of an installed model or of a path. `demo` is the built-in model, unless a model
    /// of that name is installed.
    static func path(of name: String) throws -> String {
        // No model has such a name.
        FileName.isForeign(name) ? name : try ModelLocation.path(of: name)
    }
}
