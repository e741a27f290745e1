import Foundation
import Synchronization

@testable import ModelStore

/// A store in a folder of its own, and a puller whose waits are noted and not waited.
final class PullTest: Sendable {
    let store: ModelStore
    private let folder: String
    private let noted = Mutex<(events: [PullEvent], waits: [Duration])>(([], []))

    var events: [PullEvent] { noted.withLock { $0.events } }
    var waits: [Duration] { noted.withLock { $0.waits } }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/quire-\(UUID().uuidString)"
        store = ModelStore(folder: folder + "/models")
        try FileManager.default.createDirectory(
            atPath: store.folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A puller with small segments.
    func puller(
        environment: [String: String] = [:], segmentBytes: Int = 16 << 10, connections: Int = 1,
        onEvent: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) -> Puller {
        var puller = Puller(store: store, environment: environment) { [self] event in
            noted.withLock { $0.events.append(event) }
            onEvent(event)
        }
        puller.segmentBytes = segmentBytes
        puller.connections = connections
        puller.retry.sleep = { [self] delay in
            try Task.checkCancellation()
            noted.withLock { $0.waits.append(delay) }
        }
        return puller
    }

    /// The bytes of a file in the store's folder; nil when there is none.
    func contents(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(store.folder)/\(name)").map { [UInt8]($0) }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(store.folder)/\(name)"))
    }

    /// The files in the store's folder that a person would see.
    var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: store.folder)
                .filter { !$0.hasPrefix(".") }.sorted()
        }
    }
}
