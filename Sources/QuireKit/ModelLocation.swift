import Foundation
import ModelStore
import Tensors

/// Where the file of a model is that somebody names.
package enum ModelLocation {
    /// The name of the built-in model.
    package static let demo = "demo"

    /// The file of an installed model or of a path. `demo` is the built-in model, unless a model of
    /// that name is installed.
    package static func path(of name: String) throws -> String {
        // No model has a name that is not text.
        if FileName.isForeign(name) { return name }
        do {
            return try ModelStore().resolve(name)
        } catch {
            guard name == demo else { throw error }
            return try demoPath()
        }
    }

    /// Where the built-in model is: in the resource folder that the build puts beside the program.
    ///
    /// Not by `Bundle.module`, which ends the process when the folder is not there.
    package static func demoPath() throws(LoadError) -> String {
        let executable = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        let folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        for bundle in ["quire_QuireKit.resources", "quire_QuireKit.bundle"] {
            let file = folder.appendingPathComponent(bundle + "/Resources/demo.gguf").path
            if FileManager.default.fileExists(atPath: file) { return file }
        }
        throw LoadError(
            .notFound,
            "The demo model is not beside the executable (\(folder.path)). Keep the folder "
                + "quire_QuireKit.resources next to it, or name a model.")
    }
}
