package import QuireJSON

/// What Ollama's interface tells of a model.
package struct OllamaModel: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Seconds since 1970 of its file's last change.
    package var modified = 0
    /// Bytes of its file.
    package var bytes = 0
    /// A fingerprint of its file.
    package var digest = ""
    /// The family of its architecture, as `qwen2`.
    package var family = ""
    /// Its number of parameters, as `494M`.
    package var parameterSize = ""
    /// The format of its weights, as `Q4_K_M`.
    package var quantization = ""
    /// Tokens of the longest sequence.
    package var contextLength = 0
    /// The chat template; nil: none.
    package var template: String?
    /// Whether its template knows tools.
    package var hasTools = false
    /// Whether its template knows thinking.
    package var hasThinking = false
    /// The metadata of its file, small values only.
    package var metadata: [JSONValue.Member] = []

    /// A model.
    package init(name: String) { self.name = name }

    /// A number of parameters in short, as `494M` or `7.6B`.
    package static func size(parameters count: Int) -> String {
        for (unit, name) in [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")]
        where count >= unit {
            let tenths = (count + unit / 20) / (unit / 10)
            let isSmall = tenths < 100 && tenths % 10 != 0
            return isSmall ? "\(tenths / 10).\(tenths % 10)\(name)" : "\(tenths / 10)\(name)"
        }
        return "\(count)"
    }

    /// Writes the answer to `/api/tags`.
    package static func writeTags(_ models: [OllamaModel], to out: inout JSONWriter) {
        writeList(models, to: &out) { out, model in
            out.key("modified_at")
            out.string(Timestamp.text(seconds: model.modified))
        }
    }

    /// Writes the answer to `/api/ps`: the models that are loaded, and stay so.
    package static func writeRunning(_ models: [OllamaModel], to out: inout JSONWriter) {
        writeList(models, to: &out) { out, model in
            out.key("expires_at")
            // Never, for readers that want a date.
            out.string("2999-12-31T00:00:00Z")
            out.key("size_vram")
            out.integer(0)
            out.key("context_length")
            out.integer(model.contextLength)
        }
    }

    /// Writes the answer to `/api/show`.
    package func writeShow(to out: inout JSONWriter) {
        out.beginObject()
        out.key("modelfile")
        out.string("")
        out.key("parameters")
        out.string("")
        out.key("template")
        out.string(template ?? "")
        out.key("details")
        writeDetails(to: &out)
        out.key("model_info")
        out.value(.object(metadata))
        out.key("capabilities")
        let capabilities =
            ["completion"] + (hasTools ? ["tools"] : []) + (hasThinking ? ["thinking"] : [])
        out.array(capabilities) { $0.string($1) }
        out.key("modified_at")
        out.string(Timestamp.text(seconds: modified))
        out.endObject()
    }

    /// Writes the answer to `/api/version`.
    package static func writeVersion(_ version: String, to out: inout JSONWriter) {
        out.beginObject()
        out.key("version")
        out.string(version)
        out.endObject()
    }

    /// Writes the answer to a request that only loads or unloads a model.
    package static func writeLoaded(
        _ kind: OllamaAnswer.Kind, _ heading: OllamaHeading, unloads: Bool,
        to out: inout JSONWriter
    ) {
        out.beginObject()
        heading.write(to: &out)
        switch kind {
        case .chat:
            out.key("message")
            out.value(["role": "assistant", "content": ""])
        case .generate:
            out.key("response")
            out.string("")
        }
        out.key("done")
        out.bool(true)
        out.key("done_reason")
        out.string(unloads ? "unload" : "load")
        out.endObject()
    }

    /// The name of the model that a request to `/api/show` asks for.
    package static func shown(_ body: JSONValue) throws(RequestError) -> String {
        var reader = try MemberReader(body)
        let older = try reader.string("name")
        guard let name = try reader.string("model") ?? older else {
            throw RequestError("`model` is missing", param: "model")
        }
        return name
    }
}

extension OllamaModel {
    private static func writeList(
        _ models: [OllamaModel], to out: inout JSONWriter,
        _ more: (inout JSONWriter, OllamaModel) -> Void
    ) {
        out.beginObject()
        out.key("models")
        out.array(models) { out, model in
            out.beginObject()
            out.key("name")
            out.string(model.name)
            out.key("model")
            out.string(model.name)
            out.key("size")
            out.integer(model.bytes)
            out.key("digest")
            out.string(model.digest)
            out.key("details")
            model.writeDetails(to: &out)
            more(&out, model)
            out.endObject()
        }
        out.endObject()
    }

    private func writeDetails(to out: inout JSONWriter) {
        out.beginObject()
        for (name, value) in [
            ("parent_model", ""), ("format", "gguf"), ("family", family),
            ("parameter_size", parameterSize), ("quantization_level", quantization),
        ] {
            out.key(name)
            out.string(value)
        }
        out.key("families")
        out.array([family]) { $0.string($1) }
        out.endObject()
    }
}
