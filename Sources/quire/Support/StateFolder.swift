import Foundation

/// The folder of what is kept from one run to the next.
enum StateFolder {
    /// `$QUIRE_HOME`, or else `$XDG_STATE_HOME/quire`, or else `~/.local/state/quire`.
    static func path(_ environment: [String: String]) -> String {
        func folder(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if let home = environment["QUIRE_HOME"], !home.isEmpty { return home }
        if let state = folder("XDG_STATE_HOME") { return state + "/quire" }
        let home = folder("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
        return home + "/.local/state/quire"
    }
}
