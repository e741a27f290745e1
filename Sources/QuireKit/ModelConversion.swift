public import ModelFiles
import QuireModels
import Tensors
import Tokenization

/// A model that is to be written as a GGUF file: out of a folder of safetensors, or out of a GGUF
/// file, a split one too, whose matrices are rounded to another format.
///
/// ```swift
/// let conversion = try ModelConversion("./Qwen2.5-0.5B-Instruct", quantization: .q4_k_m)
/// try conversion.write(to: "qwen.gguf")
/// ```
public struct ModelConversion: Sendable {
    /// Bytes of the file.
    public let byteCount: Int

    /// What a person may want to know of the model or of what a file cannot say.
    public let warnings: [LoadWarning]

    private let writer: GGUFWriter

    /// Looks at a model; nothing of its weights is read.
    ///
    /// - Parameters:
    ///   - name: An installed model, or the path of a file or of a folder of safetensors.
    ///   - quantization: What its matrices are rounded to; nil: they stay as they are.
    ///   - threads: Threads that round; nil: as many as this process may run at once.
    /// - Throws: `LoadError`, for what Quire cannot read of a folder, and for what a GGUF file
    ///   cannot say.
    /// - Complexity: O(header and tokenizer).
    public init(
        _ name: String, quantization: Quantization? = nil, threads: Int? = nil
    ) throws(LoadError) {
        self = try LoadError.mapping {
            let model = try ModelFile.open(try ModelLocation.path(of: name))
            return try ModelConversion(model, quantization, threads)
        }
    }

    private init(
        _ model: any ModelDescription, _ quantization: Quantization?, _ threads: Int?
    ) throws {
        // Whether every key and tensor is known; a GGUF file's are passed on as they are.
        if !(model is GGUFFile) { _ = try CPUModel(model, form: .outline) }
        let rows = model.description(ofTensor: "token_embd.weight")?.dimensions.last
        let tokenizer = try TokenizerEntries(model, count: rows)
        let conversion = try GGUFConversion(
            model, quantization: quantization, tokenizer: tokenizer.entries,
            pool: WorkerPool(threads: threads ?? WorkerPool.defaultThreads))
        writer = conversion.writer
        byteCount = writer.byteCount
        warnings =
            conversion.warnings.map { LoadWarning(.unread, $0) }
            + tokenizer.warnings.map { LoadWarning(.tokenizer, $0) }
    }

    /// Writes the file: it is there whole, or as before. A few megabytes of the model are in memory
    /// at any time, or a matrix whose rows change places.
    ///
    /// - Parameters:
    ///   - path: Where it is to be; a file that is there is replaced.
    ///   - progress: Called with the bytes written so far; false ends the writing, and nothing is
    ///     left of it.
    /// - Throws: `LoadError`.
    public func write(
        to path: String, progress: (Int) -> Bool = { _ in true }
    ) throws(LoadError) {
        do {
            try writer.write(to: path) { (written) throws(ModelFileError) in
                guard progress(written) else {
                    throw ModelFileError(.cancelled, path: path, "was not written: stopped")
                }
            }
        } catch {
            throw LoadError(error)
        }
    }
}
