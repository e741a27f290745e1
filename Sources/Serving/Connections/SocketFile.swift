import Foundation
import NIOCore
import NIOPosix

/// The file of a unix socket, which stays when the process that listened there is gone.
enum SocketFile {
    /// Makes sure that nobody listens there, whose socket would be taken away.
    ///
    /// - Throws: `ServingError`, when somebody does or something else lies there.
    static func claim(_ path: String) async throws {
        guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] else {
            return
        }
        guard type as? FileAttributeType == .typeSocket else {
            throw ServingError(.cannotListen, "\(path) is there, and is no socket")
        }
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path).get()
            channel.close(promise: nil)
        } catch {
            // Nobody answers: it was left behind.
            return
        }
        throw ServingError(.cannotListen, "another server listens at \(path)")
    }

    /// Removes it.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
