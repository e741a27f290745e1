import KVCache
import Planning

/// The lessons' formulas, with what is right.
enum Formulas {
    /// The example that all of them are computed for: Llama-2-7B.
    private static let shape = (layers: 32, heads: 32, headDimension: 128, width: 4096)

    /// All formulas, computed for a sequence of `tokens`.
    static func formulas(tokens: Int = 2048, batch: Int = 8) -> Exercise {
        let sequence = SequenceMemory(
            layers: shape.layers, keyValueHeads: shape.heads, headDimension: shape.headDimension,
            tokens: tokens)
        let textbook = Textbook.keyValueBytes(
            layers: shape.layers, tokens: tokens, width: shape.width, elementBytes: 2)
        let activations = Textbook.activationBytes(
            layers: shape.layers, tokens: tokens, width: shape.width, elementBytes: 2)
        let real = model?.workingSet(tokens: tokens, outputs: 1).bytes ?? 0
        return Exercise(
            name: "formulas", title: "The formulas, and where they hold",
            question: """
                What do the lessons' formulas give for Llama-2-7B at \(Numbers.grouped(tokens)) \
                tokens in half precision, and which of them hold?
                """,
            working: [
                "Keys and values by the width: 2 x layers x tokens x width x bytes = "
                    + "\(Numbers.grouped(textbook)) bytes (\(Numbers.gib(textbook)), "
                    + "\(Numbers.gb(textbook))). By heads, which is right for every model: "
                    + "\(sequence.formula) x \(Numbers.grouped(tokens)) = "
                    + "\(Numbers.grouped(sequence.bytes)).",
                "Activations: tokens x width x layers x bytes = "
                    + "\(Numbers.grouped(activations)) bytes as the lesson has it; a step of as "
                    + "many tokens needs \(Numbers.grouped(real)), one of \(batch) decodes "
                    + "\(Numbers.grouped(decodeBytes(batch))).",
                "Static batching sets batch x longest x bytes a token aside: "
                    + "\(Numbers.grouped(staticBytes(batch, sequence))) bytes for \(batch).",
                ridges(),
            ],
            figures: figures(sequence, textbook, activations, real, batch),
            tables: [table()],
            answer: "Counting keys and values by the width holds for multi-head attention only; "
                + "the activations' formula does not hold for inference.",
            corrections: corrections)
    }

    private static var model: ModelShape? { ModelCatalogue.entry(named: "llama-2-7b")?.shape }

    private static func decodeBytes(_ batch: Int) -> Int {
        model?.workingSet(tokens: batch, outputs: batch).bytes ?? 0
    }

    private static func staticBytes(_ batch: Int, _ sequence: SequenceMemory) -> Int {
        Textbook.staticBytes(
            batch: batch, maxLength: sequence.tokens, bytesPerToken: sequence.bytesPerToken)
    }

    /// The lesson's machine, for its ridge.
    private static let lessonMachine = (bandwidth: 1.6e12, operations: 312e12)

    private static func ridges() -> String {
        let lesson = lessonMachine.operations / lessonMachine.bandwidth
        let real = ["a100-40", "a100-80"].compactMap(DeviceCatalogue.device).map {
            "\($0.title) \(Numbers.decimal($0.ridge ?? 0, 0))"
        }
        return "The ridge of the roofline, operations a byte: the lesson's A100 "
            + "\(Numbers.decimal(lesson, 0)); \(real.joined(separator: ", "))."
    }

    private static func figures(
        _ sequence: SequenceMemory, _ textbook: Int, _ activations: Int, _ real: Int, _ batch: Int
    ) -> [ExerciseFigure] {
        let ridge = { (name: String) in DeviceCatalogue.device(named: name)?.ridge ?? 0 }
        let lesson = lessonMachine.operations / lessonMachine.bandwidth
        return [
            ExerciseFigure(
                "kv_bytes_per_token", "keys and values, bytes a token", sequence.bytesPerToken),
            ExerciseFigure(
                "kv_bytes_per_sequence", "keys and values, bytes a sequence", sequence.bytes,
                lesson: .init(.integer(textbook), .right)),
            ExerciseFigure(
                "textbook_activation_bytes", "activations by the lesson's formula, bytes",
                activations),
            ExerciseFigure(
                "activation_bytes", "activations of a step of as many tokens, bytes", real,
                lesson: .init(.integer(activations), .wrong)),
            ExerciseFigure(
                "decode_activation_bytes", "activations of a step of \(batch) decodes, bytes",
                decodeBytes(batch)),
            ExerciseFigure(
                "static_bytes", "set aside by a static batch of \(batch), bytes",
                staticBytes(batch, sequence)),
            ExerciseFigure(
                "lesson_ridge", "ridge, 1.6 TB/s and 312 TFLOPS, operations a byte", lesson,
                lesson: .init(.number(195), .right)),
            ExerciseFigure(
                "a100_40_ridge", "ridge, A100 of 40 GB, operations a byte", ridge("a100-40"),
                lesson: .init(.number(lesson), .imprecise)),
            ExerciseFigure(
                "a100_80_ridge", "ridge, A100 of 80 GB, operations a byte", ridge("a100-80"),
                lesson: .init(.number(lesson), .wrong)),
        ]
    }

    /// How the work of a whole generation of n tokens grows.
    private static func table() -> ExerciseTable {
        ExerciseTable(
            "the work of generating n tokens, with and without a cache",
            columns: ["part", "without", "with a cache", "a new token, with"],
            rows: [
                ["matrices", "O(n^2)", "O(n)", "O(1)"],
                ["attention", "O(n^3)", "O(n^2)", "O(n)"],
                ["scores kept at once", "O(n^2) naive", "O(n) tiled", "O(n)"],
            ])
    }

    private static let corrections = [
        Correction(
            "Q, K and V are of tokens x width, with the root of d_k",
            right: "Per head they are of tokens x d_k, d_k = width / heads; K and V have "
                + "n_kv_heads heads.",
            why: "Softmax and the root apply within a head; the heads are joined afterwards."),
        Correction(
            "Activations take tokens x width x layers x bytes",
            right: "One layer's buffers, used by all layers in turn.",
            why: "Training keeps the outputs of layers for the way back; inference does not."),
        Correction(
            "Memory transfers dominate for long sequences",
            right: "Prefill is bound by arithmetic, the more so the longer it is; decoding is "
                + "bound by memory.",
            why: "A decode reads every weight and the whole context for one token: one or two "
                + "operations a byte, times the query heads that share keys."),
        Correction(
            "A cache makes O(n^2) into O(n)",
            right: "So it does for the matrices of a whole generation; attention goes from "
                + "O(n^3) to O(n^2).",
            why: "A new token still looks at every token before it."),
    ]
}
