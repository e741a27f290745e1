import Conversation
import HTTPTypes
import Hummingbird

/// A method and a path, and who answers there.
struct Route: Sendable {
    /// A part of a path.
    enum Part: Hashable, Sendable {
        /// This word.
        case word(String)
        /// Any word, by its name in the description.
        case parameter(String)
        /// Any words, at least one, to the end.
        case rest(String)

        /// The name of what may be any.
        var parameter: String? {
            switch self {
            case .word: nil
            case .parameter(let name), .rest(let name): name
            }
        }

        /// A part by its spelling: `{id}` and `{id...}` may be any.
        init(_ word: String) {
            let inner = String(word.dropFirst().dropLast())
            if !word.hasPrefix("{") {
                self = .word(word)
            } else if inner.hasSuffix("...") {
                self = .rest(String(inner.dropLast(3)))
            } else {
                self = .parameter(inner)
            }
        }
    }

    let method: HTTPRequest.Method
    /// The pattern, as it was written.
    let path: String
    let parts: [Part]
    /// Whether it is answered without a key.
    let isOpen: Bool
    /// Whose words refusals are written in.
    let dialect: any Dialect
    /// What it is to clients.
    let about: Operation
    let answer: @Sendable (Call) async throws -> Response

    /// A route.
    ///
    /// - Parameter path: as `/v1/requests/{id}`; `{id...}` at the end stands for any words.
    init(
        _ method: HTTPRequest.Method, _ path: String, isOpen: Bool = false,
        dialect: any Dialect = CompletionsDialect(), about: Operation,
        _ answer: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.isOpen = isOpen
        self.dialect = dialect
        self.about = about
        self.answer = answer
        parts = Self.words(of: path).map { Part($0) }
    }

    /// The words of a path between its slashes.
    static func words(of path: String) -> [String] {
        let slash: Character = "/"
        return path.split(separator: slash, omittingEmptySubsequences: false).dropFirst()
            .map { String($0) }
    }

    /// What stands for the path's parameters; nil: it is another path.
    func match(_ words: [String]) -> [String]? {
        var found: [String] = []
        for (index, part) in parts.enumerated() {
            guard index < words.count else { return nil }
            switch part {
            case .word(let word): guard words[index] == word else { return nil }
            case .parameter: found.append(words[index])
            case .rest:
                found.append(words[index...].joined(separator: "/"))
                return found
            }
        }
        return parts.count == words.count ? found : nil
    }
}

/// All routes.
struct RouteTable: Sendable {
    /// What there is for a method and a path.
    enum Match {
        case route(Route, parameters: [String])
        case otherMethods([HTTPRequest.Method], path: String, dialect: any Dialect)
        case none(dialect: any Dialect)
    }

    private let routes: [Route]

    init(_ routes: [Route]) {
        self.routes = routes
    }

    /// Looks for a path as it was sent; the parameters are decoded, words of the path are not: what
    /// is spelt otherwise is another path.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let words = Route.words(of: path)
        var others: [Route] = []
        for route in routes {
            guard let parameters = route.match(words) else { continue }
            guard route.method == method || method == .head && route.method == .get else {
                others.append(route)
                continue
            }
            let decoded = parameters.compactMap(\.removingURLPercentEncoding)
            guard decoded.count == parameters.count else { return .none(dialect: route.dialect) }
            return .route(route, parameters: decoded)
        }
        guard let first = others.first else { return .none(dialect: dialect(near: words)) }
        return .otherMethods(others.map(\.method), path: first.path, dialect: first.dialect)
    }

    /// The dialect that a client of a path without a route is likely to speak: that of the route
    /// whose path begins alike the longest, or OpenAI's.
    private func dialect(near words: [String]) -> any Dialect {
        // All dialects have the first word `v1`.
        var best: (count: Int, dialect: any Dialect) = (
            words.first == "v1" ? 1 : 0, CompletionsDialect()
        )
        for route in routes {
            let count = zip(route.parts, words).prefix { $0 == .word($1) }.count
            if count > best.count { best = (count, route.dialect) }
        }
        return best.dialect
    }
}

extension String {
    /// The text with `%41` and its like as the characters they stand for; nil where that is no
    /// UTF-8, or no percent encoding.
    fileprivate var removingURLPercentEncoding: String? {
        guard utf8.contains(UInt8(ascii: "%")) else { return self }
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, rest.prefix(2).allSatisfy(Self.isHexDigit),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest.removeFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        Character(Unicode.Scalar(byte)).isHexDigit && byte < 0x80
    }
}
