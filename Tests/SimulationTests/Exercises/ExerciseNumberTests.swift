import Simulation
import Testing

/// A number of an exercise, and what the lesson has in its place.
struct Expected: CustomTestStringConvertible {
    let exercise: String
    let figure: String
    let value: Double
    var lesson: (value: Double, verdict: ExerciseFigure.Verdict)?

    init(
        _ exercise: String, _ figure: String, _ value: Double,
        lesson: (value: Double, verdict: ExerciseFigure.Verdict)? = nil
    ) {
        self.exercise = exercise
        self.figure = figure
        self.value = value
        self.lesson = lesson
    }

    var testDescription: String { "\(exercise): \(figure)" }
}

extension ExerciseFigure.Value {
    /// The number, whichever it is.
    var number: Double {
        switch self {
        case .integer(let count): Double(count)
        case .number(let quotient): quotient
        }
    }
}

/// Every number of the material, checked by hand: section 2, then section 3.
private let expected: [Expected] = [
    // Llama-2-7B and the formulas.
    Expected("formulas", "kv_bytes_per_token", 524_288),
    Expected("formulas", "kv_bytes_per_sequence", 1_073_741_824, lesson: (1_073_741_824, .right)),
    Expected("formulas", "textbook_activation_bytes", 536_870_912),
    Expected("formulas", "lesson_ridge", 195, lesson: (195, .right)),
    Expected("formulas", "a100_80_ridge", 2.039, lesson: (195, .wrong)).ridge(312),
    Expected("formulas", "a100_40_ridge", 1.555, lesson: (195, .imprecise)).ridge(312),
    Expected("formulas", "static_bytes", 8_589_934_592),
    // The breakdown.
    Expected("breakdown", "weights_bytes", 14e9, lesson: (14e9, .right)),
    Expected("breakdown", "keys_and_values_bytes", 8e9, lesson: (8e9, .right)),
    Expected("breakdown", "activations_bytes", 4e9, lesson: (4e9, .right)),
    Expected("breakdown", "fragmentation_and_overhead_bytes", 6e9, lesson: (6e9, .right)),
    Expected("breakdown", "used_bytes", 32e9, lesson: (32e9, .right)),
    Expected("breakdown", "free_bytes", 48e9, lesson: (48e9, .right)),
    Expected("breakdown", "used_share", 0.4),
    Expected("breakdown", "more_sequences", 44, lesson: (0, .wrong)),
    // Exercise 1.
    Expected("1A", "kv_bytes_per_token", 4_718_592),
    Expected("1A", "kv_bytes_per_sequence", 9_663_676_416),
    Expected("1A", "sequences_without_weights", 8),
    Expected("1A", "weight_bytes", 350e9),
    Expected("1A", "sequences_on_one_device", 0),
    Expected("1A", "devices", 8),
    Expected("1A", "sequences_on_devices", 30),
    Expected("1A", "kv_share_of_one", 9_663_676_416 / (9_663_676_416 + 350e9)),
    Expected("1A", "kv_share_when_full", 30 * 9_663_676_416 / (30 * 9_663_676_416 + 350e9)),
    Expected("1B", "kv_bytes_per_token", 2_621_440),
    Expected("1B", "kv_bytes_per_sequence", 10_737_418_240),
    Expected("1B", "sequences_without_weights", 7),
    Expected("1B", "sequences_without_weights_gib", 8),
    Expected("1B", "sequences_on_one_device", 0),
    Expected("1B", "sequences_on_devices", 16),
    Expected("1B", "grouped_kv_bytes_per_token", 327_680, lesson: (2_621_440, .wrong)),
    Expected(
        "1B", "grouped_kv_bytes_per_sequence", 1_342_177_280, lesson: (10_737_418_240, .wrong)),
    Expected("1B", "grouped_sequences_without_weights", 59, lesson: (7, .wrong)),
    Expected("1B", "grouped_sequences_without_weights_gib", 64),
    Expected("1B", "grouped_sequences_on_devices", 134),
    // Llama-2-13B.
    Expected("llama-13b", "kv_bytes_per_token", 819_200),
    Expected("llama-13b", "longest_kv_bytes", 1_677_721_600, lesson: (2e9, .wrong)),
    Expected("llama-13b", "mean_kv_bytes", 655_360_000, lesson: (8e8, .wrong)),
    Expected("llama-13b", "reserved_sequences", 29, lesson: (25, .wrong)),
    Expected("llama-13b", "actual_sequences", 76, lesson: (62, .wrong)),
    Expected("llama-13b", "sequences_ratio", 76.0 / 29, lesson: (2.48, .wrong)),
    Expected("llama-13b", "utilization", 800.0 / 2048, lesson: (0.4, .right)),
    Expected("llama-13b", "wasted_bytes", 29 * 1_022_361_600, lesson: (30e9, .imprecise)),
    Expected("throughput", "reserved_per_minute", 290, lesson: (250, .wrong)),
    Expected("throughput", "actual_per_minute", 760, lesson: (620, .wrong)),
    Expected("throughput", "lost_per_minute", 470, lesson: (370, .wrong)),
    Expected("throughput", "lost_share", 470.0 / 760, lesson: (370.0 / 620, .imprecise)),
    // The cost of a day.
    Expected("cost", "slow_device_minutes", 4000, lesson: (4000, .right)),
    Expected("cost", "quick_device_minutes", 1e6 / 620, lesson: (1613, .right)),
    Expected("cost", "saved_device_minutes", 4000 - 1e6 / 620, lesson: (2387, .right)),
    Expected("cost", "saved_device_hours", 39.78495, lesson: (39.8, .right)),
    Expected("cost", "saved_per_day", 119.35484, lesson: (119.40, .imprecise)),
    Expected("cost", "saved_per_30_days", 3580.64516, lesson: (3582, .imprecise)),
    Expected("cost", "saved_per_365_days", 43_564.51613, lesson: (43_584, .wrong)),
    Expected("cost", "slow_devices", 3),
    Expected("cost", "quick_devices", 2),
    Expected("cost", "saved_rented_hours", 24),
    // Fragmentation.
    Expected("utilization", "used_share_1500", 0.7324, lesson: (0.73, .right)),
    Expected("utilization", "wasted_share_1500", 0.2676),
    Expected("utilization", "used_share_512", 0.25, lesson: (0.25, .right)),
    Expected("utilization", "used_share_1200", 0.5859, lesson: (0.59, .right)),
    Expected("utilization", "used_share_1800", 0.8789, lesson: (0.88, .right)),
    Expected("2", "allocated_mb", 16_384), Expected("2", "used_mb", 8340),
    Expected("2", "internal_fragmentation", 0.49097), Expected("2", "saved_mb", 8044),
    Expected("2", "blocks_of_16", 522), Expected("2", "slots_of_16", 8352),
    Expected("2", "waste_of_16", 12.0 / 8352),
    Expected("2", "blocks_of_32", 262), Expected("2", "slots_of_32", 8384),
    Expected("2", "waste_of_32", 44.0 / 8384),
    Expected("2", "blocks_of_128", 67), Expected("2", "slots_of_128", 8576),
    Expected("2", "waste_of_128", 236.0 / 8576),
    Expected("2", "blocks_of_256", 35), Expected("2", "slots_of_256", 8960),
    Expected("2", "waste_of_256", 620.0 / 8960),
    // Static batching.
    Expected("batch-of-8", "makespan", 45),
    Expected("batch-of-8", "static_throughput", 8.0 / 45, lesson: (0.178, .right)),
    Expected("batch-of-8", "busy_slot_time", 118),
    Expected("batch-of-8", "slot_utilization", 118.0 / 360),
    Expected("batch-of-8", "idle_share", 242.0 / 360, lesson: (0.75, .wrong)),
    Expected("batch-of-8", "mean_wait", 30.25),
    Expected("batch-of-8", "continuous_throughput", 8 / 14.75),
    Expected("batch-of-8", "gain", 3.0508),
    Expected("timeline", "makespan", 16), Expected("timeline", "total_wait", 25),
    Expected("timeline", "last_wait", 12, lesson: (12, .right)),
    Expected("timeline", "slot_utilization", 39.0 / 64),
    Expected("3", "makespan", 52), Expected("3", "busy_slot_time", 208),
    Expected("3", "mean_wait", 39), Expected("3", "static_latency", 52),
    Expected("3", "immediate_latency", 13), Expected("3", "slot_utilization", 0.25),
    Expected("3", "idle_slot_time", 624), Expected("3", "saved_makespan", 0),
    Expected("3", "continuous_throughput", 16.0 / 13),
    Expected("3", "static_throughput", 4.0 / 13), Expected("3", "gain", 4),
    // The traditional cache.
    Expected("4", "tokens", 800), Expected("4", "waste_3x2048", 0.8698),
    Expected("4", "waste_8x2048", 0.9512), Expected("4", "waste_3x1024", 0.7396),
    Expected("4", "waste_3x512", 0.4792),
    Expected("4", "drift_last_layer_position", 63), Expected("4", "drift_tokens_until_full", 64),
    Expected("5", "block_size", 16), Expected("5", "gpu_memory_utilization", 0.92),
    // Statements.
    Expected("claims", "sequences_that_outweigh", 14), Expected("claims", "mean_lost_slots", 7.5),
    Expected("claims", "request_a_tokens", 10, lesson: (11, .wrong)),
    Expected("claims", "request_a_unused", 2038), Expected("claims", "request_b_unused", 507),
    Expected("claims", "opt_13b_kv_bytes_per_token", 819_200),
    Expected("claims", "opt_13b_kv_bytes_per_sequence", 1_677_721_600),
    // The factors.
    Expected("factors", "kv_bytes", 1_073_741_824),
    Expected("factors", "layout_elements", 2_147_483_648),
    Expected("factors", "layout_bytes", 8_589_934_592),
]

extension Expected {
    /// The ridge of a bandwidth in TB/s and so many 10^12 operations.
    fileprivate func ridge(_ operations: Double) -> Expected {
        Expected(exercise, figure, operations / value, lesson: lesson)
    }
}

@Suite struct `Every number of the material` {
    @Test(arguments: expected)
    func `is computed, and the lesson's beside it is judged`(_ wanted: Expected) throws {
        let exercise = try #require(try ExerciseCatalogue.exercises(wanted.exercise).first)
        let figure = try #require(exercise.figure(wanted.figure))
        let value = figure.value.number
        // As many places as are written down; counts are exact.
        let tolerance = wanted.value == wanted.value.rounded() ? 0 : 6e-5 * max(1, abs(value)) / 1
        #expect(abs(value - wanted.value) <= tolerance, "\(value)")
        if case .integer(let count) = figure.value { #expect(Double(count) == wanted.value) }
        #expect((figure.lesson == nil) == (wanted.lesson == nil))
        guard let lesson = wanted.lesson, let found = figure.lesson else { return }
        #expect(abs(found.value.number - lesson.value) < 1e-9 * max(1, lesson.value))
        #expect(found.verdict == lesson.verdict)
    }
}
