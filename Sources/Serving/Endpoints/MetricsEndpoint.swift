import Hummingbird

/// What monitoring reads; without a key, as vLLM has it.
struct MetricsEndpoint: Sendable {
    let slot: ModelSlot
    let live: LiveExchanges
    let answers: AnswerCounts

    var routes: [Route] {
        [
            Route(
                .get, "/metrics", isOpen: true,
                about: Operation("Metrics in Prometheus' text format", answer: nil)
            ) { _ in
                Reply.text(text, type: PrometheusText.contentType)
            }
        ]
    }

    /// All metrics; those of the engine once there is one.
    private var text: String {
        var out = PrometheusText()
        if let model = slot.current { EngineText(model).write(to: &out) }
        out.metric(
            "quire:live_exchanges", .gauge, "Requests of clients whose answers have not ended.", [],
            Double(live.count))
        answers.write(to: &out)
        ProcessMetrics.write(to: &out)
        return out.text
    }
}
