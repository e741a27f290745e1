import NIOCore
import NIOPosix
import QuireJSON

/// Looks what listens at a port of this machine, as a client that has just begun does.
package struct ServerProbe: Sendable {
    /// What listens there.
    package enum Finding: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// A server of ours whose model is being loaded.
        case loading
        /// A server of ours that answers.
        case ready(model: String, contextLength: Int?)
        /// A server that wants another key.
        case keyed
        /// Something else.
        case other
    }

    private let host: String
    private let port: Int
    private let key: String?
    private let patience: Duration

    /// - Parameters:
    ///   - key: what is shown to it, where it asks for one.
    ///   - patience: how long what listens may take to answer; silent for longer, it is something
    ///     else.
    package init(
        host: String, port: Int, key: String?, patience: Duration = FixedLimits.probeTime
    ) {
        self.host = host
        self.port = port
        self.key = key
        self.patience = patience
    }

    /// What listens now.
    package func look() async -> Finding {
        // Without a key first: it is shown to a server of ours alone.
        guard let hello = await get("/version", showsKey: false) else { return .nothing }
        guard hello.status == 200,
            let version = try? JSONValue(parsing: hello.body), version["server"] == "quire"
        else { return .other }
        guard let answer = await get("/v1/models") else { return .nothing }
        switch answer.status {
        case 200:
            let model = (try? JSONValue(parsing: answer.body))?["data"]?.array?.first
            guard let model, model["owned_by"] == "quire", let name = model["id"]?.string else {
                return .other
            }
            return .ready(model: name, contextLength: model["max_model_len"]?.integer)
        case 401: return .keyed
        case 503: return .loading
        default: return .other
        }
    }

    /// Whether the server answers for a model of that name.
    package func knows(_ model: String) async -> Bool {
        let allowed = "-._~:"
        let name = model.utf8.map { byte in
            let letter = Character(UnicodeScalar(byte))
            let isPlain = letter.isASCII && (letter.isLetter || letter.isNumber)
            return isPlain || allowed.contains(letter)
                ? String(letter) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return await get("/v1/models/" + name)?.status == 200
    }

    /// Asks for a path; nil where nobody answers.
    private func get(
        _ path: String, showsKey: Bool = true
    ) async -> (status: Int, body: [UInt8])? {
        await withTaskGroup(of: (status: Int, body: [UInt8])?.self) { group in
            group.addTask { try? await ask(path, showsKey ? key : nil) }
            group.addTask {
                try? await Task.sleep(for: patience)
                return Task.isCancelled ? nil : (0, [])
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func ask(
        _ path: String, _ key: String?
    ) async throws -> (status: Int, body: [UInt8]) {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let authority = host.contains(":") ? "[\(host)]" : host
        var request = "GET \(path) HTTP/1.1\r\nhost: \(authority):\(port)\r\nconnection: close\r\n"
        if let key { request += "authorization: Bearer \(key)\r\n" }
        let text = request + "\r\n"
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer: [UInt8] = []
            for try await part in inbound {
                answer += part.readableBytesView
                guard answer.count <= FixedLimits.probeBytes else { break }
            }
            return Self.parsed(answer)
        }
    }

    /// The status and body of an answer that ended with its connection; status 0: it is no HTTP.
    package static func parsed(_ answer: [UInt8]) -> (status: Int, body: [UInt8]) {
        let gap = Array("\r\n\r\n".utf8)
        let end = answer.indices.first { answer[$0...].starts(with: gap) }
        guard let end else { return (0, []) }
        let head = String(decoding: answer[..<end], as: UTF8.self)
        guard let line = head.firstMatch(of: /^HTTP\/1\.1 ([0-9]{3})/),
            let status = Int(line.output.1)
        else { return (0, []) }
        return (status, Array(answer[(end + gap.count)...]))
    }
}
