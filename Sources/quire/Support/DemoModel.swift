import ArgumentParser
import Foundation

/// The little model that comes with the command.
enum DemoModel {
    /// The line that says which model answers, and how to get a real one.
    static let note =
        "Using the built-in demo model, which tells little stories. For a real one: "
        + "quire pull gemma-3-270m, then quire run gemma-3-270m \"...\""

    /// Where its file is: in the resource folder that the build puts beside the executable.
    ///
    /// Not by `Bundle.module`, which ends the process when the folder is not there.
    static func path() throws -> String {
        let executable = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        let folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        for bundle in ["quire_quire.resources", "quire_quire.bundle"] {
            let file = folder.appendingPathComponent(bundle + "/Resources/demo.gguf").path
            if FileManager.default.fileExists(atPath: file) { return file }
        }
        throw ValidationError(
            "The demo model is not beside the executable (\(folder.path)). Keep the folder "
                + "quire_quire.resources next to it, or name a model.")
    }
}
