/// A job whose result is answers.
protocol AnswerJob: Job {
    /// The index of the request among those of the call.
    var index: Int { get }

    /// The answers in the order of their choices, or what is wrong, once it has ended.
    var result: Result<[Completion], EngineError>? { get }

    /// What came since the last call.
    func takeDeltas() -> [GenerationDelta]
}

extension EngineCore {
    /// A job for a request whose parameters are valid.
    ///
    /// - Parameter queued: when it was submitted; nil: now.
    /// - Throws: `EngineError.invalidParameters` for what only a tokenizer can tell.
    func makeJob(
        _ request: GenerationRequest, index: Int, queued: Duration? = nil
    ) throws(EngineError) -> any AnswerJob {
        if let beam = request.beam {
            return try BeamJob(request, beam, index: index, queued: queued ?? now, in: self)
        }
        return try GenerationJob(request, index: index, queued: queued ?? now, in: self)
    }
}
