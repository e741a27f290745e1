package import QuireEngine

extension RequestError {
    /// What the engine says of a request.
    ///
    /// - Parameter names: parameters that the request has under other names.
    package init(_ error: EngineError, names: [String: String] = [:]) {
        let param = error.parameter.map { names[$0] ?? $0 }
        var message = error.message
        if let param, !message.contains(param) { message = "`\(param)`: \(message)" }
        self.init(message, param: param, code: Code(error.code))
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
