import QuireKit

/// The little model that comes with the command.
enum DemoModel {
    /// The line that says which model answers, and how to get a real one.
    static let note =
        "Using the built-in demo model, which tells little stories. For a real one: "
        + "quire pull gemma-3-270m, then quire run gemma-3-270m \"...\""

    /// Where its file is.
    static func path() throws -> String { try ModelLocation.demoPath() }
}
