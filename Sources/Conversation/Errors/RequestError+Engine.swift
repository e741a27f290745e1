package import QuireEngine

extension RequestError {
    /// What the engine says of a request.
    package init(_ error: EngineError) {
        self.init(error.message, code: Code(error.code))
    }
}

extension RequestError.Code {
    /// The kind of an engine's error.
    package init(_ code: EngineError.Code) {
        self =
            switch code.kind {
            case .invalidParameters, .invalidPrompt: .invalidRequest
            case .promptTooLong: .contextExceeded
            case .notCached: .notFound
            case .insufficientCache, .pinLimit: .insufficientCache
            case .queueFull: .busy
            case .stopped: .stopping
            case .invalidConfiguration, .invalidLogits, .executorFailed: .modelFailed
            }
    }
}
