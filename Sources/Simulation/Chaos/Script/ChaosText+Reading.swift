import QuireEngine
import QuireIdentifiers

extension ChaosText {
    /// The script that a text says.
    ///
    /// - Throws: `ChaosError` with the number of the line that it cannot read.
    package static func script(_ text: String) throws(ChaosError) -> ChaosScript {
        var reader = Reader()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.count <= SimulationLimits.chaosLines else {
            throw ChaosError("the script has more than \(SimulationLimits.chaosLines) lines")
        }
        for (number, line) in lines.enumerated() {
            do throws(ChaosError) {
                try reader.take(line.split(separator: " ").map(String.init))
            } catch {
                throw ChaosError("line \(number + 1): \(error.description)")
            }
        }
        guard reader.hasTitle else { throw ChaosError("the first line must be `\(title)`") }
        // Events of one turn stay in their order.
        let order = reader.script.events.indices.sorted {
            (reader.script.events[$0].turn, $0) < (reader.script.events[$1].turn, $1)
        }
        reader.script.events = order.map { reader.script.events[$0] }
        return reader.script
    }

    private struct Reader {
        var script = ChaosScript()
        var hasTitle = false

        mutating func take(_ words: [String]) throws(ChaosError) {
            guard let first = words.first, !first.hasPrefix("#") else { return }
            guard hasTitle else {
                guard words.joined(separator: " ") == title else {
                    throw ChaosError("a script begins with `\(title)`")
                }
                hasTitle = true
                return
            }
            let rest = Array(words.dropFirst())
            switch first {
            case "seed":
                guard let seed = rest.first.flatMap({ UInt64($0) }) else {
                    throw ChaosError("the seed is no number")
                }
                script.seed = seed
            case "plant":
                script.plant = try known(ChaosPlant(rawValue: rest.first ?? ""), "plant", rest)
            case "ending":
                script.ending = try known(.init(rawValue: rest.first ?? ""), "ending", rest)
            case "machine":
                for field in rest { try set(field, in: &script.configuration) }
            case "request": try takeRequest(rest)
            case "at":
                guard rest.count >= 2, let turn = Int(rest[0]), turn >= 0 else {
                    throw ChaosError("an event is `at TURN WHAT ...`")
                }
                script.events.append(
                    ChaosEvent(turn: turn, action: try action(Array(rest.dropFirst()))))
            default: throw ChaosError("there is no line that begins with \(first)")
            }
        }

        private func known<Value>(
            _ value: Value?, _ name: String, _ words: [String]
        ) throws(ChaosError) -> Value {
            guard let value else {
                throw ChaosError("there is no \(name) \(words.joined(separator: " "))")
            }
            return value
        }

        private mutating func takeRequest(_ words: [String]) throws(ChaosError) {
            guard words.first.flatMap({ Int($0) }) == script.requests.count else {
                throw ChaosError(
                    "requests are numbered in order; this is the request "
                        + "\(script.requests.count)")
            }
            var request = ChaosRequest()
            for field in words.dropFirst() {
                let (name, value) = try split(field)
                switch name {
                case "prompt": request.prompt = try tokens(value)
                case "stop-tokens": request.stopTokens = try tokens(value)
                default:
                    if let path = ChaosRequest.words.first(where: { $0.name == name })?.path {
                        request[keyPath: path] = value
                    } else if let path = ChaosRequest.numbers.first(where: { $0.name == name })?
                        .path
                    {
                        request[keyPath: path] = try number(value, name)
                    } else {
                        throw ChaosError("a request has no \(name)")
                    }
                }
            }
            script.requests.append(request)
        }

        private func set(
            _ field: String, in configuration: inout ChaosConfiguration
        ) throws(ChaosError) {
            let (name, value) = try split(field)
            if let path = ChaosConfiguration.words.first(where: { $0.name == name })?.path {
                configuration[keyPath: path] = value
            } else if let path = ChaosConfiguration.numbers.first(where: { $0.name == name })?
                .path
            {
                let number = try number(value, name)
                let most =
                    ChaosConfiguration.extents.contains(name)
                    ? SimulationLimits.chaosExtent : Int.max
                guard 0...most ~= number else {
                    throw ChaosError(
                        "a machine's \(name) is \(number); it is from 0"
                            + (most < .max ? " to \(most)" : " on"))
                }
                configuration[keyPath: path] = number
            } else {
                throw ChaosError("a machine has no \(name)")
            }
        }

        private func action(_ words: [String]) throws(ChaosError) -> ChaosEvent.Action {
            let rest = words.dropFirst()
            let first = rest.first ?? ""
            switch words[0] {
            case "submit": return .submit(try number(first, "request"))
            case "cancel":
                let moment = rest.count > 1 ? words[2] : "now"
                return .cancel(
                    try number(first, "request"),
                    when: try known(.init(rawValue: moment), "moment", [moment]))
            case "drop": return .drop(try number(first, "request"))
            case "pause": return .pause(try known(PauseMode(name: first), "pause", [first]))
            case "resume": return .resume
            case "reset": return .reset(preempting: first == "preempting")
            case "pin":
                return .pin(
                    try number(first, "request"),
                    millis: rest.count > 1 ? try number(words[2], "time") : 0)
            case "unpin": return .unpin
            case "jump": return .jump(micros: try number(first, "time"))
            case "fail": return .fail(steps: try number(first, "steps"))
            case "slow": return .slow(micros: try number(first, "time"))
            case "fail-reads": return .failReads(try number(first, "reads"))
            case "fail-tier": return .failTier(operations: try number(first, "operations"))
            default: throw ChaosError("nothing happens that is called \(words[0])")
            }
        }

        private func split(_ field: String) throws(ChaosError) -> (name: String, value: String) {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ChaosError("\(field) is not NAME=VALUE") }
            return (parts[0], parts[1])
        }

        private func number(_ text: String, _ name: String) throws(ChaosError) -> Int {
            guard let number = Int(text), number >= -1 << 20, number <= 1 << 40 else {
                throw ChaosError("\(name) is \(text); it must be a number")
            }
            return number
        }

        private func tokens(_ text: String) throws(ChaosError) -> [TokenID] {
            var found: [TokenID] = []
            for part in text.split(separator: ",") {
                guard let token = UInt32(part), Int(token) < ChaosModel.vocabularySize else {
                    throw ChaosError(
                        "\(part) is no token; they go from 0 to \(ChaosModel.vocabularySize - 1)")
                }
                found.append(TokenID(token))
            }
            guard !found.isEmpty, found.count <= SimulationLimits.chaosLines else {
                throw ChaosError("a list of tokens has at least one and not too many")
            }
            return found
        }
    }
}
