import QuireEngine
import QuireIdentifiers

/// Chaos scripts as text: one thing a line, numbers by name, what is not said is the default.
///
/// ```
/// quire chaos 1
/// machine blocks=4 block-size=2 length=8
/// request 0 prompt=1,2,3 max=4
/// at 0 submit 0
/// at 3 cancel 0 decode
/// ending drain
/// ```
package enum ChaosText {
    /// The first line; the number is that of the format.
    static let title = "quire chaos 1"

    /// A script as lines, without the last line's end.
    package static func text(of script: ChaosScript) -> String {
        var lines = [title]
        if let seed = script.seed { lines.append("seed \(seed)") }
        if let plant = script.plant { lines.append("plant \(plant.rawValue)") }
        lines.append(line("machine", fields(of: script.configuration)))
        for (index, request) in script.requests.enumerated() {
            lines.append(line("request \(index)", fields(of: request)))
        }
        for event in script.events { lines.append("at \(event.turn) \(text(of: event.action))") }
        lines.append("ending \(script.ending.rawValue)")
        return lines.joined(separator: "\n")
    }

    /// An event's action.
    static func text(of action: ChaosEvent.Action) -> String {
        switch action {
        case .submit(let request): "submit \(request)"
        case .cancel(let request, let moment): "cancel \(request) \(moment.rawValue)"
        case .drop(let request): "drop \(request)"
        case .pause(let mode): "pause \(mode.name)"
        case .resume: "resume"
        case .reset(let preempting): preempting ? "reset preempting" : "reset"
        case .pin(let request, let millis): "pin \(request) \(millis)"
        case .unpin: "unpin"
        case .jump(let micros): "jump \(micros)"
        case .fail(let steps): "fail \(steps)"
        case .slow(let micros): "slow \(micros)"
        case .failTier(let operations): "fail-tier \(operations)"
        case .failReads(let reads): "fail-reads \(reads)"
        }
    }

    private static func line(_ name: String, _ fields: [String]) -> String {
        ([name] + fields).joined(separator: " ")
    }

    private static func fields(of configuration: ChaosConfiguration) -> [String] {
        let plain = ChaosConfiguration()
        let words = ChaosConfiguration.words.compactMap { name, path in
            configuration[keyPath: path] == plain[keyPath: path]
                ? nil : "\(name)=\(configuration[keyPath: path])"
        }
        let numbers = ChaosConfiguration.numbers.compactMap { name, path in
            configuration[keyPath: path] == plain[keyPath: path]
                ? nil : "\(name)=\(configuration[keyPath: path])"
        }
        return words + numbers
    }

    private static func fields(of request: ChaosRequest) -> [String] {
        let plain = ChaosRequest()
        var fields = ["prompt=" + list(request.prompt)]
        if !request.stopTokens.isEmpty { fields.append("stop-tokens=" + list(request.stopTokens)) }
        fields += ChaosRequest.words.compactMap { name, path in
            request[keyPath: path] == plain[keyPath: path]
                ? nil : "\(name)=\(request[keyPath: path])"
        }
        fields += ChaosRequest.numbers.compactMap { name, path in
            request[keyPath: path] == plain[keyPath: path]
                ? nil : "\(name)=\(request[keyPath: path])"
        }
        return fields
    }

    private static func list(_ tokens: [TokenID]) -> String {
        tokens.map { String($0.rawValue) }.joined(separator: ",")
    }
}
