import NIOHTTP1

/// What a server says of a file before it is downloaded.
struct RemoteFile: Hashable, Sendable {
    let byteCount: Int
    /// Tells one state of the file from another: an entity tag, else the date of the last change.
    /// Nil: what two requests bring need not belong together.
    let identity: String?
    /// The sum, where the server announces it.
    let sha256: SHA256Digest?
    /// Whether the file may be put together from several answers.
    let servesRanges: Bool

    /// Reads the answer to a request for the file's first byte, or for the file.
    ///
    /// - Parameter hasSum: whether the whole will be compared with a sum.
    init(
        _ reply: HTTPTransport.Reply, of address: WebAddress, asRange: Bool, hasSum: Bool
    ) throws(TransferFailure) {
        let length: Int?
        if reply.status == 206 {
            let range = ContentRange(reply.headers)
            guard asRange, range?.first == 0, range?.last == 0 else {
                throw TransferFailure(
                    asRange ? .rangesRefused : .permanent, .refused,
                    "\(address) sends another range than the one asked for.")
            }
            length = range?.total
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
        servesRanges = reply.status == 206 && (identity != nil || sha256 != nil || hasSum)
    }

    static func identity(of reply: HTTPTransport.Reply) -> String? {
        // A weak tag stays when bytes change (RFC 9110, section 8.8.1).
        let tag =
            reply.linked.first(name: "X-Linked-Etag")
            ?? reply.headers.first(name: "ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
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
        let values = headers["Content-Range"]
        guard values.count == 1, let value = values.first,
            let match = value.wholeMatch(of: /bytes ([0-9]+)-([0-9]+)\/([0-9]+|\*)/),
            let first = Int(match.output.1), let last = Int(match.output.2), first <= last
        else { return nil }
        self.first = first
        self.last = last
        total = Int(match.output.3)
        // A number that no file has is none that can be trusted either.
        guard total != nil || match.output.3 == "*", total ?? .max > last else { return nil }
    }
}
