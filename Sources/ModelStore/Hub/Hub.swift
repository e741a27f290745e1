import Foundation
import NIOCore

/// The Hugging Face hub, or a server that speaks as it does.
struct Hub: Sendable {
    /// Where it is: `HF_ENDPOINT`, else `https://huggingface.co`.
    let endpoint: WebAddress
    /// The user's token, for the endpoint alone.
    let credentials: HTTPTransport.Credentials?

    init(environment: [String: String]) throws(ModelStoreError) {
        let named = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        endpoint = try WebAddress(named ?? "https://huggingface.co")
        guard let token = environment["HF_TOKEN"], !token.isEmpty else {
            credentials = nil
            return
        }
        guard token.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            throw ModelStoreError(
                .invalidSource, "HF_TOKEN holds characters that no token has; set it again.")
        }
        credentials = .init(origin: endpoint.origin, token: token)
    }

    /// Where a file is downloaded from.
    func address(of file: HubFile, path: String) throws(ModelStoreError) -> WebAddress {
        try endpoint.appending(
            "/\(file.owner)/\(file.repository)/resolve/\(file.revision)/\(path)")
    }

    /// The files of the model: the one that was named or else chosen, and its other parts when it
    /// is split.
    func files(
        of file: HubFile, transport: HTTPTransport, retry: RetryPolicy
    ) async throws(ModelStoreError) -> [String] {
        var chosen = file.file
        if chosen == nil {
            let all = try await listing(of: file, transport: transport, retry: retry)
            chosen = try Self.choose(among: all, in: file)
        }
        guard let chosen else { return [] }
        let stem = chosen.hasSuffix(".gguf") ? String(chosen.dropLast(5)) : chosen
        guard let split = SplitFileName(stem: stem) else { return [chosen] }
        return (1...split.count).map { index in
            SplitFileName.stem(base: split.base, index: index, count: split.count) + ".gguf"
        }
    }

    /// The GGUF file that a person most likely wants: the only one, or the one in Q4_K_M.
    static func choose(among paths: [String], in file: HubFile) throws(ModelStoreError) -> String {
        let models = paths.filter { path in
            let name = path.lowercased()
            let stem = String(name.dropLast(5))
            return HubFile.isPath(path[...]) && name.hasSuffix(".gguf")
                && !name.contains("mmproj") && !name.contains("imatrix")
                && SplitFileName(stem: stem)?.index ?? 1 == 1
        }
        if models.count == 1 { return models[0] }
        let usual = models.filter { $0.lowercased().contains("q4_k_m") }
        if usual.count == 1 { return usual[0] }
        guard !models.isEmpty else {
            throw ModelStoreError(.missingRemotely, "\(file) holds no GGUF file.")
        }
        let choices = models.sorted().prefix(40).map {
            "  hf:\(file.owner)/\(file.repository):\($0)"
        }
        throw ModelStoreError(
            .invalidSource,
            "\(file) holds several models; choose one:\n" + choices.joined(separator: "\n"))
    }

    private struct TreeEntry: Decodable {
        let type: String
        let path: String
    }

    /// The paths of a repository's files, as the hub says them: untrusted.
    private func listing(
        of file: HubFile, transport: HTTPTransport, retry: RetryPolicy
    ) async throws(ModelStoreError) -> [String] {
        let address = try endpoint.appending(
            "/api/models/\(file.owner)/\(file.repository)/tree/\(file.revision)?recursive=true")
        var attempts = RetryPolicy.Attempts(
            retry, connectAttempts: ModelStoreLimits.connectAttempts)
        while true {
            do throws(TransferFailure) {
                let body = try await body(of: address, transport: transport)
                guard let entries = try? JSONDecoder().decode([TreeEntry].self, from: body) else {
                    throw TransferFailure(
                        .permanent, .refused, "\(address) does not answer as the hub does.")
                }
                return entries.filter { $0.type == "file" }.map(\.path)
            } catch {
                do throws(TransferFailure) {
                    try await retry.pause(attempts.delay(after: error))
                } catch {
                    throw error.error
                }
            }
        }
    }

    private func body(
        of address: WebAddress, transport: HTTPTransport
    ) async throws(TransferFailure) -> Data {
        let reply = try await transport.get(address)
        do {
            let buffer = try await reply.body.collect(upTo: ModelStoreLimits.apiReplyBytes)
            return Data(buffer.readableBytesView)
        } catch {
            throw TransferFailure(error, whileReading: address)
        }
    }
}
