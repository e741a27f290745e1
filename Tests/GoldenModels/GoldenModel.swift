import Foundation
package import QuireJSON

/// A tiny model of an architecture, and what transformers says of it in float32.
///
/// `scripts/goldens/architectures.py` makes the fixtures; they hold no weights, which come from a
/// formula. The same model is had as a GGUF file (`gguf()`), with the names and the layouts that
/// llama.cpp's converter gives, and as a folder of safetensors (`safetensors(_:)`).
package struct GoldenModel: Sendable {
    /// A prompt and what the reference says of it.
    package struct Prompt: Sendable {
        /// The prompt's tokens.
        package var tokens: [Int]
        /// The most likely continuation.
        package var greedy: [Int]
        /// By how much each token of it leads the next one, in log-probability.
        package var margins: [Double]
        /// The log-probabilities after every token: [tokens][vocabulary].
        package var logProbabilities: [[Float]]
    }

    /// A tensor of the folder: its name there, its shape with the rows first, its values.
    package struct Tensor: Sendable {
        /// The name.
        package var name: String
        /// The dimensions, the longest stride first.
        package var shape: [Int]
        /// The values in row-major order.
        package var values: [Float]

        /// Describes a tensor.
        package init(name: String, shape: [Int], values: [Float]) {
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    /// The fixture's name.
    package let name: String
    /// The fixture.
    package let json: JSONValue

    /// The names of all fixtures, sorted.
    package static var names: [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
            .sorted()
    }

    private static var folder: URL {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appending(path: "Fixtures")
    }

    /// Reads the fixture of a name.
    package init(_ name: String) throws {
        let data = try Data(contentsOf: Self.folder.appending(path: name + ".json"))
        self.name = name
        json = try JSONValue(parsing: [UInt8](data), path: name)
    }

    /// The prompts.
    package var prompts: [Prompt] {
        json.list("prompts").map { prompt in
            let tokens = prompt.integers("tokens")
            let bytes = [UInt8](Data(base64Encoded: prompt.text("logProbabilities")) ?? Data())
            let count = bytes.count / 4 / tokens.count
            let floats = stride(from: 0, to: bytes.count, by: 4).map { at in
                Float(
                    bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) })
            }
            return Prompt(
                tokens: tokens, greedy: prompt.integers("greedy"),
                margins: prompt.list("margins").compactMap(\.double),
                logProbabilities: tokens.indices.map {
                    Array(floats[$0 * count..<($0 + 1) * count])
                })
        }
    }

    /// The folder's tensors, in the fixture's order.
    package var tensors: [Tensor] {
        json.list("tensors").map { tensor in
            let shape = tensor.integers("shape")
            let formula = Formula(
                name: tensor.text("name"), scale: Float(tensor["scale"]?.double ?? 0),
                centre: Float(tensor["centre"]?.double ?? 0))
            return Tensor(
                name: formula.name, shape: shape, values: formula.values(shape.reduce(1, *)))
        }
    }
}

extension JSONValue {
    /// A member that the script writes: its absence is a broken fixture, hence a trap.
    func list(_ key: String) -> [JSONValue] { required(self[key]?.array, key) }
    func text(_ key: String) -> String { required(self[key]?.string, key) }
    func integers(_ key: String) -> [Int] { list(key).map { required($0.integer, key) } }

    private func required<Value>(_ value: Value?, _ key: String) -> Value {
        guard let value else { preconditionFailure("the fixture has no \(key)") }
        return value
    }
}
