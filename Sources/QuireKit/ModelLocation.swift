import Foundation
import ModelStore

/// Finds the file of a model by its name.
package enum ModelLocation {
    /// The name of the built-in model.
    package static let demo = "demo"

    /// The file of an installed model or of a path. `demo` is the built-in model, unless a model of
    /// that name is installed.
    package static func path(of name: String) throws -> String {
        do {
            let store = ModelStore()
            // Another program's model of that name has a longer one too.
            if name == demo, case .foreign = try store.find(name) { return try demoPath() }
            return try store.resolve(name)
        } catch {
            guard name == demo else { throw error }
            return try demoPath()
        }
    }

    /// Where the built-in model is: in the resource folder that the build puts beside the program,
    /// or below the prefix that an archive was installed to.
    package static func demoPath() throws(LoadError) -> String {
        let executable = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return try demoPath(of: executable)
    }

    /// The same for the program at `executable`, which may be a link to it.
    ///
    /// Not by `Bundle.module`, which ends the process when the folder is not there.
    static func demoPath(of executable: URL) throws(LoadError) -> String {
        let folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        let places = [
            folder.appendingPathComponent("quire_QuireKit.resources/Resources/demo.gguf"),
            folder.appendingPathComponent("quire_QuireKit.bundle/Resources/demo.gguf"),
            folder.deletingLastPathComponent().appendingPathComponent("share/quire/demo.gguf"),
        ]
        for place in places where FileManager.default.fileExists(atPath: place.path) {
            return place.path
        }
        throw LoadError(
            .notFound,
            "The demo model is neither beside the executable nor in share/quire beside its folder "
                + "(\(folder.path)). Keep the folder quire_QuireKit.resources, or the installed "
                + "share/quire, where it was, or name a model.")
    }
}
