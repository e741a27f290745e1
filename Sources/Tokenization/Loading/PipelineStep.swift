import QuireJSON

/// The steps of a `tokenizer.json` that are implemented, each by its `type`.
enum PipelineStep {
    /// The steps of a member that holds one, a `Sequence` of some, or none.
    static func steps(
        _ value: JSONValue?, _ list: String, _ what: String
    ) throws(TokenizerError) -> [(type: String, step: JSONValue)] {
        guard let value, value != .null else { return [] }
        guard let type = value["type"]?.string else {
            throw TokenizerError(.unsupportedStep, "a \(what) without a type")
        }
        guard type == "Sequence" else { return [(type, value)] }
        guard let members = value[list]?.array, members.count <= TokenizerLimits.sequenceSteps
        else {
            throw TokenizerError(
                .unsupportedStep,
                "a \(what) sequence needs a list of at most \(TokenizerLimits.sequenceSteps)")
        }
        var steps: [(type: String, step: JSONValue)] = []
        for member in members {
            guard let type = member["type"]?.string, type != "Sequence" else {
                throw TokenizerError(.unsupportedStep, "a \(what) in a sequence without a type")
            }
            steps.append((type, member))
        }
        return steps
    }

    static func unsupported(_ what: String, _ type: String, _ detail: String = "") -> TokenizerError
    {
        TokenizerError(.unsupportedStep, "\(what) \(quoted(type))\(detail) is not supported")
    }

    /// The text of a `pattern`: literal, or a regular expression.
    static func pattern(_ step: JSONValue) -> (literal: String?, regex: String?) {
        (step["pattern"]?["String"]?.string, step["pattern"]?["Regex"]?.string)
    }
}
