import Foundation
import ModelStore
import Tensors

/// The progress of a pull.
public enum PullProgress: Hashable, Sendable {
    /// Bytes that have arrived, of how many; nil: that is not known.
    case bytes(Int, of: Int?)

    /// What happens now, in words for a person.
    case note(String)
}

extension LoadedModel {
    /// Opens a model, and downloads it first if it is not installed.
    ///
    /// ```swift
    /// let model = try await LoadedModel.pull("gemma-3-270m") { print($0) }
    /// let llm = try LLM(model)
    /// ```
    ///
    /// A download that broke off, or whose task was cancelled, goes on from there in the next call.
    ///
    /// - Parameters:
    ///   - name: what `quire pull` takes: a name of the catalogue, `hf:owner/repository`, an
    ///     address; or an installed model or the path of a file, for which nothing is downloaded.
    ///   - options: how it is put on this machine.
    ///   - progress: called with the progress, from any thread.
    /// - Throws: `LoadError`, which says what would do instead.
    public static func pull(
        _ name: String, _ options: ModelOptions = ModelOptions(),
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws(LoadError) -> LoadedModel {
        // Not after a long download.
        try options.check()
        if name == ModelLocation.demo { return try open(name, options) }
        let puller = Puller(
            store: ModelStore(), environment: ProcessInfo.processInfo.environment
        ) { progress(PullProgress($0)) }
        let path: String
        do throws(ModelStoreError) {
            path = try await puller.path(of: name)
        } catch {
            throw LoadError(error)
        }
        return try open(path, options)
    }
}

extension PullProgress {
    init(_ event: PullEvent) {
        self =
            switch event {
            case .trying(let source): .note("Pulling \(source)")
            case .sourceFailed(_, let reason): .note("\(reason) Trying the next source.")
            case .step(let step): .note(step)
            case .progress(let received, let total): .bytes(received, of: total)
            case .retrying(let reason, let delay):
                .note("\(reason) Again in \(max(delay.components.seconds, 1)) s.")
            case .restarting(let reason): .note("\(reason) Starting over.")
            case .verifying: .note("Checking the sum.")
            }
    }
}
