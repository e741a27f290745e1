import ModelFiles
import NIOHTTP1
import TestSupport

@testable import ModelStore

/// A file that a test server has, and how servers answer for it.
struct ServedFile: Sendable {
    var bytes: [UInt8]
    var tag = "\"first\""
    var servesRanges = true

    var sum: SHA256Digest { Self.sum(of: bytes) }

    /// A small GGUF file, the same for the same seed.
    static func model(kibibytes: Int = 64, seed: UInt64 = 1) -> ServedFile {
        var generator = SeededGenerator(seed: seed)
        var writer = GGUFWriter()
        writer.add("general.architecture", text: "llama")
        let floats = (0..<(kibibytes * 256)).map { _ in
            Float.random(in: -1...1, using: &generator)
        }
        writer.addTensor("token_embd.weight", dimensions: [floats.count], floats: floats)
        return ServedFile(bytes: writer.bytes())
    }

    /// A part of a split model, with one tensor.
    static func part(_ number: Int, of count: Int) -> ServedFile {
        var writer = GGUFWriter()
        writer.add("split.no", .uint16(UInt16(number)))
        writer.add("split.count", .uint16(UInt16(count)))
        writer.add("split.tensors.count", .int32(Int32(count)))
        writer.addTensor("t\(number)", dimensions: [8], floats: [Float](repeating: 1, count: 8))
        return ServedFile(bytes: writer.bytes(), tag: "\"part \(number)\"")
    }

    static func sum(of bytes: [UInt8]) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.finalize()
    }

    /// The answer of a plain file server.
    func response(to request: WebServer.Request) -> WebServer.Response {
        var response = WebServer.Response()
        response.headers.add(name: "ETag", value: tag)
        guard servesRanges, let range = request.range else {
            response.body = bytes
            return response
        }
        guard range.lowerBound < bytes.count else {
            response.status = .rangeNotSatisfiable
            return response
        }
        let served = range.clamped(to: 0..<bytes.count)
        response.status = .partialContent
        response.headers.add(
            name: "Content-Range",
            value: "bytes \(served.lowerBound)-\(served.upperBound - 1)/\(bytes.count)")
        response.body = Array(bytes[served])
        return response
    }

    /// The answer of the hub: a redirect that carries the sum and the size.
    func redirect(to address: String) -> WebServer.Response {
        var response = WebServer.Response(status: .found)
        response.headers.add(name: "Location", value: address)
        response.headers.add(name: "X-Linked-Etag", value: "\"\(sum)\"")
        response.headers.add(name: "X-Linked-Size", value: "\(bytes.count)")
        response.headers.add(name: "X-Repo-Commit", value: String(repeating: "a", count: 40))
        return response
    }
}
