import Conversation
import QuireEngine
import Scheduling

/// What an engine counts, under vLLM's names where the meaning is the same.
struct EngineText {
    let labels: PrometheusText.Labels
    let statistics: EngineStatistics
    let metrics: EngineMetrics

    init(_ model: ServedModel) {
        labels = [("model_name", model.names.served), ("engine", "0")]
        statistics = model.engine.statistics
        metrics = model.engine.metrics
    }

    func write(to out: inout PrometheusText) {
        writeGauges(to: &out)
        writeCounters(to: &out)
        writeHistograms(to: &out)
    }

    private func writeGauges(to out: inout PrometheusText) {
        let scheduling = statistics.scheduling
        for (name, help, value) in [
            ("vllm:num_requests_running", "Sequences that run.", scheduling.running),
            ("vllm:num_requests_waiting", "Sequences that wait.", scheduling.waiting),
        ] {
            out.metric(name, .gauge, help, labels, Double(value))
        }
        let blocks = CacheBlocks(scheduling)
        out.metric(
            "vllm:kv_cache_usage_perc", .gauge,
            "The share of the KV cache's blocks that requests hold, 0 to 1.", labels, blocks.usage)
        out.begin("quire:kv_cache_blocks", .gauge, "Blocks of the KV cache by what they hold.")
        for (state, count) in [
            ("used", blocks.used), ("cached", blocks.cached), ("free", blocks.free),
        ] {
            out.sample("quire:kv_cache_blocks", labels + [("state", state)], Double(count))
        }
    }

    private func writeCounters(to out: inout PrometheusText) {
        let scheduling = statistics.scheduling
        for (name, help, value) in [
            (
                "vllm:prefix_cache_queries_total", "Tokens looked up in the prefix cache.",
                scheduling.queriedTokens
            ),
            ("vllm:prefix_cache_hits_total", "Of them, tokens it had.", scheduling.hitTokens),
            ("vllm:num_preemptions_total", "Preemptions.", scheduling.preemptionCount),
            (
                "vllm:prompt_tokens_total", "Tokens of prompts whose answers have begun.",
                statistics.promptTokens
            ),
            (
                "vllm:prompt_tokens_cached_total", "Of them, tokens that the cache had.",
                statistics.cachedPromptTokens
            ),
            ("vllm:generation_tokens_total", "Generated tokens.", statistics.generatedTokens),
            (
                "quire:recomputed_tokens_total", "Tokens computed again after preemptions.",
                scheduling.recomputedTokens
            ),
            ("quire:steps_total", "Steps of the engine.", scheduling.steps),
            ("quire:failed_steps_total", "Steps that could not be run.", statistics.failedSteps),
        ] {
            out.metric(name, .counter, help, labels, Double(value))
        }
        out.begin("vllm:request_success_total", .counter, "Answers by why they ended.")
        for reason in FinishReason.allCases {
            let name =
                switch reason {
                case .cancelled: "abort"
                case .failed: "error"
                default: reason.rawValue
                }
            out.sample(
                "vllm:request_success_total", labels + [("finished_reason", name)],
                Double(statistics.finished[reason] ?? 0))
        }
    }

    private func writeHistograms(to out: inout PrometheusText) {
        for (name, help, histogram) in [
            (
                "time_to_first_token_seconds", "From submission to the first token.",
                metrics.timeToFirstToken
            ),
            (
                "inter_token_latency_seconds", "From each token of an answer to its next.",
                metrics.interTokenLatency
            ),
            ("e2e_request_latency_seconds", "From submission to the end.", metrics.endToEnd),
            ("request_queue_time_seconds", "From submission to the first step.", metrics.queue),
            (
                "request_prefill_time_seconds", "From the first step to the first token.",
                metrics.prefill
            ),
            ("request_decode_time_seconds", "From the first token to the end.", metrics.decode),
            (
                "request_inference_time_seconds", "From the first step to the end.",
                metrics.inference
            ),
            ("request_prompt_tokens", "Tokens of prompts.", metrics.promptTokens),
            ("request_generation_tokens", "Tokens of answers.", metrics.generationTokens),
            (
                "iteration_tokens_total",
                "Tokens that a step brought, with the prompts that it ended.",
                metrics.iterationTokens
            ),
        ] {
            out.histogram("vllm:\(name)", help, labels, histogram)
        }
    }
}

/// The blocks of a KV cache by what they hold.
struct CacheBlocks {
    let used: Int
    let cached: Int
    let free: Int

    init(_ statistics: SchedulerStatistics) {
        used = statistics.usedBlocks
        cached = statistics.cachedBlocks
        free = statistics.freeBlocks
    }

    var total: Int { used + cached + free }

    /// The share that requests hold, 0 to 1.
    var usage: Double { total == 0 ? 0 : Double(used) / Double(total) }
}
