import Foundation
import ModelStore
import QuireJSON

/// A file of settings: a JSON object whose keys are options with `_` for `-`.
///
///     {"port": 8080, "cors_origin": ["https://example.org"], "prefix_cache": false}
struct SettingsFile {
    /// Where it lies.
    let path: String
    /// The values by the settings' names, each as an option would have it.
    let values: [String: [String]]

    /// Where it is looked for unless a path is given: `serve.json` in `$QUIRE_HOME`, in
    /// `$XDG_CONFIG_HOME/quire` or in `~/.config/quire`.
    static func standardPath(_ environment: [String: String]) -> String {
        func folder(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if let home = environment["QUIRE_HOME"], !home.isEmpty { return home + "/serve.json" }
        if let config = folder("XDG_CONFIG_HOME") { return config + "/quire/serve.json" }
        let home = folder("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
        return home + "/.config/quire/serve.json"
    }

    /// Reads a file.
    ///
    /// - Throws: `ConfigurationError`, or why it cannot be read.
    init(path: String, settings: [Setting]) throws {
        let bytes = try AttachedFiles.bytes(of: path, atMost: ConfigurationLimits.fileBytes)
        try self.init(path: path, try JSONValue(parsing: bytes, path: path), settings: settings)
    }

    /// The settings of a JSON text that was read.
    init(path: String, _ text: JSONValue, settings: [Setting]) throws(ConfigurationError) {
        guard let members = text.members else {
            throw ConfigurationError("\(path) holds no JSON object: write {\"port\": 8080}")
        }
        let known = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
        var values: [String: [String]] = [:]
        for member in members {
            guard let setting = known[member.key] else {
                throw ConfigurationError.unknown(
                    "key", member.key, in: path, among: Array(known.keys))
            }
            guard values[setting.name] == nil else {
                throw ConfigurationError("\(path): `\(member.key)` is there twice")
            }
            guard let texts = Self.texts(member.value, for: setting) else {
                throw ConfigurationError(
                    "\(path): `\(member.key)` must be \(Self.wanted(setting))")
            }
            values[setting.name] = texts
        }
        self.path = path
        self.values = values
    }

    private static func texts(_ value: JSONValue, for setting: Setting) -> [String]? {
        if setting.kind == .flag { return value.bool.map { ["\($0)"] } }
        if setting.isRepeating, let list = value.array {
            let texts = list.compactMap(\.string)
            return texts.count == list.count && !texts.isEmpty ? texts : nil
        }
        if let text = value.string { return [text] }
        // A number has several spellings, and a key one.
        guard !setting.isSecret else { return nil }
        if let number = value.integer { return ["\(number)"] }
        return value.double.map { ["\($0)"] }
    }

    private static func wanted(_ setting: Setting) -> String {
        if setting.kind == .flag { return "true or false" }
        return setting.isRepeating
            ? "a text or a list of texts, at least one" : "a text or a number"
    }
}

/// The bounds of configurations.
enum ConfigurationLimits {
    /// Bytes of a file of settings.
    static let fileBytes = 1 << 20
}

/// What is wrong with settings that are not of the command line.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = Terminal.plain(description)
    }

    /// A name that is none.
    static func unknown(
        _ what: String, _ name: String, in place: String, among names: [String]
    ) -> ConfigurationError {
        let near = NearNames.suggestions(for: name, among: names)
        let advice =
            near.first.map { "; did you mean \($0)?" }
            ?? "; quire serve --print-config lists those that there are"
        return ConfigurationError("there is no \(what) `\(name)`, which is in \(place)\(advice)")
    }
}
