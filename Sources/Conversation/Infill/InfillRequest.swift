package import QuireEngine
package import QuireJSON
package import Tokenization

/// A request of llama-server's `/infill`: a text with a hole, which the answer fills.
package struct InfillRequest: Hashable, Sendable {
    /// The text before the hole.
    package let before: String

    /// The text after it.
    package let after: String

    /// Other files that the text refers to.
    package let files: [FillFile]

    /// How to fill it.
    package let parameters: SamplingParameters

    /// Whether the answer is wanted as it comes.
    package let isStreamed: Bool

    /// Whether the answer has its tokens too.
    package let returnsTokens: Bool

    /// The members that the answer is to have, by path; nil: all.
    package let fields: [String]?

    /// The model that is asked for; nil: the one there is.
    package let model: String?

    /// What keeps its cached prefixes apart from others'.
    package let cacheSalt: String?

    /// Members of the body that changed nothing, to be named to the client.
    package let ignored: [String]

    /// Reads a body.
    ///
    /// - Throws: `RequestError`, for what is wrong whatever the model.
    package init(
        _ body: JSONValue, unknown: UnknownMembers = .named
    ) throws(RequestError) {
        var reader = try MemberReader(body)
        guard let prefix = try reader.string("input_prefix") else {
            throw reader.wrong("input_prefix", "is missing; it must be a string")
        }
        guard let suffix = try reader.string("input_suffix") else {
            throw reader.wrong("input_suffix", "is missing; it must be a string")
        }
        // What stands before the cursor in its line: the end of the text before the hole.
        before = prefix + (try reader.string("prompt") ?? "")
        after = suffix
        files = try Self.files(&reader)
        var ignored: [String] = []
        parameters = try SamplingParameters(infill: &reader, &ignored)
        isStreamed = try reader.bool("stream") ?? false
        returnsTokens = try reader.bool("return_tokens") ?? false
        fields = try reader.strings("response_fields").flatMap { $0.isEmpty ? nil : $0 }
        model = try reader.string("model")
        cacheSalt = try reader.string("cache_salt", maxBytes: ConversationLimits.maxSaltBytes)
        try reader.passHarmless()
        try reader.passHarmless(HarmlessFields.infill)
        ignored += try reader.finish(unknown)
        self.ignored = Array(ignored.prefix(ConversationLimits.maxListedNames))
    }

    private static func files(_ reader: inout MemberReader) throws(RequestError) -> [FillFile] {
        let list = try reader.array("input_extra") ?? []
        let most = ConversationLimits.maxFillFiles
        guard list.count <= most else {
            throw reader.wrong(
                "input_extra", "has \(list.count) files; it must have at most \(most)")
        }
        var files: [FillFile] = []
        for (index, value) in list.enumerated() {
            var file = try MemberReader(value, at: "input_extra[\(index)]")
            guard let text = try file.string("text") else { throw file.wrong("text", "is missing") }
            files.append(FillFile(name: try file.string("filename") ?? "file\(index)", text: text))
        }
        return files
    }

    /// What the engine is asked for.
    ///
    /// - Throws: `RequestError`, for what does not suit the model.
    package func generation(
        for bounds: ModelBounds
    ) throws(RequestError) -> GenerationRequest {
        let tokenizer = bounds.tokenizer
        let prompt = tokenizer.encodeFill(
            before: tokenizer.encodeData(before), after: after, files: files)
        guard let prompt else { throw .noFill(param: "input_suffix") }
        var parameters = parameters
        let room = bounds.maxModelLength - prompt.count
        guard room > 0 else {
            throw .contextExceeded(
                context: bounds.maxModelLength, prompt: prompt.count, of: "prompt")
        }
        // Editors name the most that they would show: what has room of it is an answer too.
        parameters.maxTokens = min(parameters.maxTokens ?? room, room)
        do throws(EngineError) {
            try parameters.validate(
                vocabularySize: tokenizer.vocabularySize, maxLogprobs: bounds.maxLogprobs)
        } catch {
            throw RequestError(error)
        }
        var request = GenerationRequest(prompt: prompt, parameters: parameters)
        request.cacheSalt = cacheSalt
        return request
    }
}
