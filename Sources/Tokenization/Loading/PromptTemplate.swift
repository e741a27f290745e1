import QuireJSON

/// Reads the `post_processor` of a `tokenizer.json`: what stands around a single text.
struct PromptTemplate {
    private(set) var prefix: [Int] = []
    private(set) var suffix: [Int] = []

    mutating func read(
        _ value: JSONValue?, isID: (Int) -> Bool
    ) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(value, "processors", "post-processor") {
            switch type {
            case "ByteLevel": break
            case "TemplateProcessing": try readTemplate(step)
            case "BertProcessing", "RobertaProcessing":
                prefix = [step["cls"]?.array?.last?.integer ?? -1]
                suffix = [step["sep"]?.array?.last?.integer ?? -1]
            default: throw PipelineStep.unsupported("post-processor", type)
            }
        }
        guard (prefix + suffix).allSatisfy(isID) else {
            throw TokenizerError(
                .badSpecialToken, "the post-processor names ids beyond the vocabulary")
        }
    }

    private mutating func readTemplate(_ step: JSONValue) throws(TokenizerError) {
        var seenText = false
        (prefix, suffix) = ([], [])
        for part in step["single"]?.array ?? [] {
            if part["Sequence"] != nil {
                seenText = true
                continue
            }
            let name = part["SpecialToken"]?["id"]?.string ?? ""
            guard let ids = step["special_tokens"]?[name]?["ids"]?.array else {
                throw TokenizerError(
                    .badSpecialToken, "the template's token \(quoted(name)) has no ids")
            }
            let numbers = ids.map { $0.integer ?? -1 }
            if seenText { suffix += numbers } else { prefix += numbers }
        }
    }
}
