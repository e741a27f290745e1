import Conversation
import ModelStore

/// A setting of a conversation and its new value.
enum ChatSetting: Hashable {
    case temperature(Double)
    case topP(Double)
    case topK(Int)
    case minP(Double)
    /// nil: a new one for each answer.
    case seed(UInt64?)
    /// nil: what the context has room for.
    case maxTokens(Int?)
    /// Whether the model thinks before it answers; nil: as its template has it.
    case thinks(Bool?)
    /// Whether each answer is followed by what it took.
    case verbose(Bool)

    /// Their names.
    static let names = [
        "temperature", "top_p", "top_k", "min_p", "seed", "max_tokens", "think", "verbose",
    ]

    /// Reads a name and its value; those that are switches are on without a value.
    init(_ name: String, _ value: String?) throws(ChatRefusal) {
        let key = name.lowercased().replacing("-", with: "_")
        switch key {
        case "temperature": self = .temperature(try Self.number(key, value))
        case "top_p": self = .topP(try Self.number(key, value))
        case "min_p": self = .minP(try Self.number(key, value))
        case "top_k": self = .topK(try Self.integer(key, value))
        case "seed":
            guard let seed = value.flatMap({ Seed($0) }) else {
                throw Self.refusal(key, value, "an integer; -1 is a new one for each answer")
            }
            self = .seed(seed.value)
        case "max_tokens":
            let isDefault = value?.lowercased() == "default"
            self = .maxTokens(isDefault ? nil : try Self.integer(key, value))
        case "think":
            self = .thinks(
                value?.lowercased() == "default" ? nil : try Self.isOn(key, value, " or default"))
        case "verbose": self = .verbose(try Self.isOn(key, value))
        default:
            let near = NearNames.suggestions(for: key, among: Self.names)
            let advice = near.first.map { " Did you mean \($0)?" } ?? ""
            throw ChatRefusal(
                "There is no setting \(name).\(advice) The settings are "
                    + Self.names.joined(separator: ", ") + ".")
        }
    }

    private static func number(_ name: String, _ value: String?) throws(ChatRefusal) -> Double {
        guard let number = value.flatMap({ Double($0) }), number.isFinite else {
            throw refusal(name, value, "a number")
        }
        return number
    }

    private static func integer(_ name: String, _ value: String?) throws(ChatRefusal) -> Int {
        guard let number = value.flatMap({ Int($0) }) else {
            throw refusal(
                name, value, name == "max_tokens" ? "an integer or default" : "an integer")
        }
        return number
    }

    private static func isOn(
        _ name: String, _ value: String?, _ more: String = ""
    ) throws(ChatRefusal) -> Bool {
        switch value?.lowercased() {
        case nil, "on", "true", "yes", "1": return true
        case "off", "false", "no", "0": return false
        default: throw refusal(name, value, "on, off" + more)
        }
    }

    private static func refusal(_ name: String, _ value: String?, _ wanted: String) -> ChatRefusal {
        guard let value else { return ChatRefusal("\(name) needs a value: \(wanted).") }
        return ChatRefusal("\(name) is \(value); it must be \(wanted).")
    }
}
