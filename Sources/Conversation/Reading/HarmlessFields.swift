import QuireJSON

/// The known members of requests that change no answer: whoever sends them loses nothing.
///
/// A dialect in which one of them means something asks for it before `passHarmless`.
package enum HarmlessFields {
    /// What a value must be.
    package enum Kind: Sendable {
        /// A string.
        case text
        /// A truth value.
        case flag
        /// A number.
        case number
        /// A string or a number: a duration.
        case duration
        /// An object.
        case object

        var expected: String {
            switch self {
            case .text: "a string"
            case .flag: "true or false"
            case .number: "a number"
            case .duration: "a string or a number"
            case .object: "an object"
            }
        }

        func fits(_ value: JSONValue) -> Bool {
            switch self {
            case .text: value.string != nil
            case .flag: value.bool != nil
            case .number: value.double != nil
            case .duration: value.string != nil || value.double != nil
            case .object: value.members != nil
            }
        }
    }

    /// Of a body, in whatever dialect.
    package static let body: [String: Kind] = [
        // Names of people, requests and sessions, and what to keep of them elsewhere.
        "user": .text, "safety_identifier": .text, "metadata": .object, "store": .flag,
        "request_id": .text, "session_id": .text, "client_metadata": .object,
        // How a service is paid and how it caches; here every prompt is cached.
        "service_tier": .text, "prompt_cache_key": .text, "prompt_cache_retention": .text,
        "prompt_cache_options": .object,
        // How long a model stays loaded.
        "keep_alive": .duration,
        // Of what this engine does anyway, or never does.
        "spaces_between_special_tokens": .flag, "length_penalty": .number,
        "stream_interval": .number,
        "mm_processor_kwargs": .object, "media_io_kwargs": .object,
        // Whether a history that is too long is cut: it never is, and never in silence.
        "truncate": .flag, "shift": .flag,
    ]

    /// Of the options of Ollama's dialect: how a model is loaded, and parts of transforms that
    /// are off.
    package static let ollamaOptions: [String: Kind] = [
        "num_batch": .number, "num_gpu": .number, "main_gpu": .number, "num_thread": .number,
        "num_keep": .number, "numa": .flag, "low_vram": .flag, "f16_kv": .flag,
        "logits_all": .flag, "vocab_only": .flag, "use_mmap": .flag, "use_mlock": .flag,
        "embedding_only": .flag, "mirostat_tau": .number, "mirostat_eta": .number,
        "draft_num_predict": .number,
    ]
}
