import NIOHTTP1

/// What a server says of a file before it is downloaded.
struct RemoteFile: Hashable, Sendable {
    let byteCount: Int
    /// Tells one state of the file from another: an entity tag, else the date of the last change.
    let identity: String?
    /// The sum, where the server announces it.
    let sha256: SHA256Digest?
    let servesRanges: Bool

    /// Reads the answer to a request for the file's first byte.
    init(_ reply: HTTPTransport.Reply, of address: WebAddress) throws(TransferFailure) {
        let length: Int?
        if reply.status == 206 {
            length = ContentRange(reply.headers)?.total
        } else {
            length = reply.headers.first(name: "Content-Length").flatMap { Int($0) }
        }
        guard let length else {
            throw TransferFailure(
                .permanent, .refused, "\(address) does not say how long the file is.")
        }
        guard 1...ModelStoreLimits.fileBytes ~= length else {
            throw TransferFailure(
                .permanent, .refused, "\(address) says that the file has \(length) bytes.")
        }
        byteCount = length
        identity = Self.identity(of: reply)
        sha256 = reply.linked.first(name: "X-Linked-Etag").flatMap {
            SHA256Digest(hexadecimal: Self.unquoted($0))
        }
        servesRanges = reply.status == 206
    }

    static func identity(of reply: HTTPTransport.Reply) -> String? {
        let tag = reply.linked.first(name: "X-Linked-Etag") ?? reply.headers.first(name: "ETag")
        return tag.map(unquoted) ?? reply.headers.first(name: "Last-Modified")
    }

    private static func unquoted(_ tag: String) -> String {
        tag.filter { $0 != "\"" }
    }
}

/// `Content-Range: bytes 0-99/1234`.
struct ContentRange: Hashable {
    let first: Int
    let last: Int
    /// Nil when the server does not know: `*`.
    let total: Int?

    init?(_ headers: HTTPHeaders) {
        guard let value = headers.first(name: "Content-Range"), value.hasPrefix("bytes ") else {
            return nil
        }
        let halves = value.dropFirst(6).split(separator: "/")
        guard halves.count == 2 else { return nil }
        let bounds = halves[0].split(separator: "-")
        guard bounds.count == 2, let first = Int(bounds[0]), let last = Int(bounds[1]),
            0 <= first, first <= last
        else { return nil }
        self.first = first
        self.last = last
        total = Int(halves[1])
    }
}
