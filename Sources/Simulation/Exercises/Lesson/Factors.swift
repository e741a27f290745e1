import KVCache
import Planning

/// The lesson's table of factors of the KV cache's size, and the layout that it allocates.
enum Factors {
    /// What one factor is and what doubling it does.
    private struct Factor {
        let symbol: String
        let name: String
        let value: Int
        let effect: String
    }

    /// The factors for Llama-2-7B: length L, width H, layers N, heads A, bytes D.
    static func factors(
        tokens: Int = 2048, width: Int = 4096, layers: Int = 32, heads: Int = 32,
        elementBytes: Int = 2, batch: Int = 8
    ) -> Exercise {
        let bytes = Textbook.keyValueBytes(
            layers: layers, tokens: tokens, width: width, elementBytes: elementBytes)
        let shape = [layers, batch, tokens, heads, width / heads]
        let elements = shape.reduce(1, *)
        let all = 2 * elements * elementBytes
        return Exercise(
            name: "factors", title: "What the size of the cache depends on",
            question: """
                The keys and values of a sequence depend on its length L, the width H, the layers \
                N, the heads A and the bytes D of a number. What does each do, and what does the \
                lesson's tensor of [layers, batch, longest, heads, head size] take?
                """,
            working: [
                "2 x N x L x H x D = 2 x \(layers) x \(tokens) x \(width) x \(elementBytes) = "
                    + "\(Numbers.grouped(bytes)) bytes = \(Numbers.both(bytes)).",
                "\(shape.map(String.init).joined(separator: " x ")) = "
                    + "\(Numbers.grouped(elements)) elements, once for keys and once for values, "
                    + "\(elementBytes) bytes each: \(Numbers.grouped(all)) bytes = "
                    + "\(Numbers.both(all)), taken or not.",
                "The steps of that tensor, in elements: \(steps(shape)). A token of one sequence "
                    + "and layer lies beside the next one, so a sequence cannot outgrow its row.",
            ],
            figures: [
                ExerciseFigure("kv_bytes", "keys and values of a sequence, bytes", bytes),
                ExerciseFigure("layout_elements", "elements of the tensor of keys", elements),
                ExerciseFigure("layout_bytes", "keys and values of all places, bytes", all),
            ],
            tables: [table(tokens, width, layers, heads, elementBytes)],
            answer: """
                Every factor but the heads is linear. Heads of the query do not count at all: \
                what counts is how many heads keep keys and values, and their size.
                """,
            corrections: [
                Correction(
                    "Size it by the model's size times the context length",
                    right: "By layers, key/value heads, head size and bytes: a model of 70 B with "
                        + "grouped heads keeps less a token than one of 7 B without.",
                    why: "The weights of the feed-forward network, most of a model, keep nothing.")
            ])
    }

    private static func steps(_ shape: [Int]) -> String {
        var (step, steps) = (1, [Int]())
        for extent in shape.reversed() {
            steps.append(step)
            step *= extent
        }
        return steps.reversed().map(Numbers.grouped).joined(separator: ", ")
    }

    private static func table(
        _ tokens: Int, _ width: Int, _ layers: Int, _ heads: Int, _ elementBytes: Int
    ) -> ExerciseTable {
        let factors = [
            Factor(symbol: "L", name: "length", value: tokens, effect: "twice"),
            Factor(symbol: "H", name: "width", value: width, effect: "twice"),
            Factor(symbol: "N", name: "layers", value: layers, effect: "twice"),
            Factor(
                symbol: "A", name: "heads", value: heads,
                effect: "nothing, at the same width and as many key/value heads"),
            Factor(symbol: "D", name: "bytes", value: elementBytes, effect: "twice"),
        ]
        return ExerciseTable(
            "the factors, and what doubling one does to the size",
            columns: ["factor", "is", "value", "doubled"],
            rows: factors.map { [$0.symbol, $0.name, Numbers.grouped($0.value), $0.effect] })
    }
}
