import QuireJSON
import TestSupport
import Testing

/// Damaged JSON: an error with its place, or a value that makes the round trip.
@Suite(.timeLimit(.minutes(20))) struct JSONMutationTests {
    static let original: JSONValue = [
        "version": "1.0", "truncation": nil,
        "added_tokens": [
            ["id": 0, "content": "<unk>", "special": true, "lstrip": false],
            ["id": 1, "content": "\u{2581}é☃😀\u{0}\n\"\\", "special": false],
        ],
        "normalizer": ["type": "Sequence", "normalizers": []],
        "model": [
            "type": "BPE", "dropout": nil, "unk_token": "<unk>", "score": -1.25e-7,
            "vocab": ["a": 0, "b": 1, "ab": 2], "merges": [["a", "b"], "a b"],
            "huge": 1e30, "least": -9_223_372_036_854_775_807,
        ],
    ]

    @Test(arguments: 0..<5)
    func `mutated text is an error or a value`(batch: Int) {
        var values = 0
        for seed in batch * 1_000..<(batch + 1) * 1_000 {
            var mutator = Mutator(seed: UInt64(seed))
            let text = mutator.json(Self.original)
            do {
                let value = try JSONValue(parsing: text)
                values += 1
                var writer = JSONWriter()
                writer.value(value)
                #expect(try JSONValue(parsing: writer.bytes) == value, "seed \(seed)")
            } catch {
                #expect((0...text.count).contains(error.offset), "seed \(seed): \(error)")
            }
        }
        #expect((500..<990).contains(values), "\(values) are values")
    }

    @Test func `skipping and reading agree on what is JSON`() {
        for seed in 10_000 as UInt64..<12_000 {
            var mutator = Mutator(seed: seed)
            let text = mutator.bytes(
                Array(#"{"a":[1,-2.5e3,"x\u00e9é",null],"b":{"c":true}}"#.utf8))
            let skipError = error { try skip(text) }
            let error = error { _ = try JSONValue(parsing: text) }
            // A number may have the right form and be too large for a double.
            let isTooLarge = error?.message.contains("range") == true
            #expect((skipError == nil) == (error == nil) || isTooLarge, "seed \(seed)")
        }
    }

    @Test func `a mutator's choices are a function of its seed`() {
        for seed in 0 as UInt64..<100 {
            var (one, other) = (Mutator(seed: seed), Mutator(seed: seed))
            #expect(one.json(Self.original) == other.json(Self.original))
            #expect(one.bytes([1, 2, 3]) == other.bytes([1, 2, 3]))
        }
    }

    private func skip(_ text: [UInt8]) throws(JSONError) {
        var reader = JSONReader(text)
        try reader.skip()
        try reader.finish()
    }

    private func error(_ body: () throws -> Void) -> JSONError? {
        do {
            try body()
            return nil
        } catch {
            return error as? JSONError
        }
    }
}
