import ModelStore

/// Which file a command's model means.
enum ModelChoice {
    /// The name by which every command knows the built-in demo model.
    static let demo = "demo"

    /// The file of an installed model or of a path. `demo` is the built-in model, unless a model
    /// of that name is installed.
    static func path(of name: String) throws -> String {
        do {
            return try ModelStore().resolve(name)
        } catch {
            guard name == demo else { throw error }
            return try DemoModel.path()
        }
    }
}
