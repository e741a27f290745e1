import Foundation
import ModelStore

extension Configuration {
    /// Variables that begin like those of settings and are none: what every command reads, and what
    /// Quire's own tests and scripts do.
    static let otherVariables: Set = [
        "QUIRE_HOME", "QUIRE_HISTORY", "QUIRE_ISA", "QUIRE_CONFIG",
        "QUIRE_SHARED_DATA", "QUIRE_MODELS", "QUIRE_FULL_GRID",
        "QUIRE_TRY_ROOT", "QUIRE_TRY_SUITE",
    ]

    /// How the variables of the client tests begin, which start servers.
    private static let testPrefix = "QUIRE_CLIENT_"

    /// The values that variables have, by the settings' names.
    static func variables(
        _ environment: [String: String], _ settings: [Setting]
    ) throws(ConfigurationError) -> [String: [String]] {
        let known = Dictionary(uniqueKeysWithValues: settings.map { ($0.variable, $0) })
        var found: [String: [String]] = [:]
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(Setting.prefix) {
            if otherVariables.contains(name) || name.hasPrefix(testPrefix) { continue }
            guard let setting = known[name] else {
                throw .unknown("setting", name, in: "the environment", among: Array(known.keys))
            }
            // No key and an empty one are far apart: a secret that is missing must not open a
            // server.
            guard !value.isEmpty else {
                throw ConfigurationError("\(name) is empty: give it a value, or unset it")
            }
            found[setting.name] = try values(of: value, for: setting)
        }
        return found
    }

    private static func values(
        of text: String, for setting: Setting
    ) throws(ConfigurationError) -> [String] {
        if setting.kind == .flag {
            switch text.lowercased() {
            case "true", "1": return ["true"]
            case "false", "0": return ["false"]
            default: throw ConfigurationError("\(setting.variable) must be true or false")
            }
        }
        if setting.name == "port", text.hasPrefix("tcp://") {
            throw ConfigurationError(
                "\(setting.variable) is \(text), which Kubernetes sets for a service named quire: "
                    + "name the service otherwise, or set enableServiceLinks to false")
        }
        // A key may have commas in it.
        guard setting.isRepeating, !setting.isSecret else { return [text] }
        let texts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !texts.isEmpty else {
            throw ConfigurationError("\(setting.variable) has nothing in its list: unset it")
        }
        return texts
    }

    /// The file of settings; nil: there is none.
    static func file(
        _ given: GivenOptions, _ environment: [String: String], _ settings: [Setting]
    ) throws -> SettingsFile? {
        if let path = given.values["config"]?.last ?? environment["QUIRE_CONFIG"] {
            guard !path.isEmpty else {
                throw ConfigurationError("QUIRE_CONFIG is empty: give it a path, or unset it")
            }
            return try SettingsFile(path: path, settings: settings)
        }
        let path = SettingsFile.standardPath(environment)
        return try isAbsent(path) ? nil : SettingsFile(path: path, settings: settings)
    }

    /// Whether there is certainly no file. One that cannot be reached, or a link to nothing, may
    /// have held a key: that is an error when it is opened.
    private static func isAbsent(_ path: String) -> Bool {
        do {
            _ = try FileManager.default.attributesOfItem(atPath: path)
            return false
        } catch {
            let number = SystemReason.number(of: error)
            return number == POSIXErrorCode.ENOENT.rawValue
                || number == POSIXErrorCode.ENOTDIR.rawValue
        }
    }
}
