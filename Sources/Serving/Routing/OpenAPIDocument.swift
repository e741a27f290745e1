import Conversation
import HTTPTypes
import QuireJSON

/// The server's own description, made of its routes: what is not a route is not in it, and every
/// route is.
struct OpenAPIDocument {
    /// The document.
    let value: JSONValue

    /// The description of routes.
    ///
    /// - Parameter hasKeys: whether requests must show a key.
    init(_ routes: [Route], version: String, hasKeys: Bool) {
        var paths: [JSONValue.Member] = []
        for route in routes where !paths.contains(where: { $0.key == route.describedPath }) {
            let operations = routes.filter { $0.path == route.path }.map { route in
                JSONValue.Member(
                    route.method.rawValue.lowercased(), Self.operation(route, hasKeys: hasKeys))
            }
            paths.append(JSONValue.Member(route.describedPath, .object(operations)))
        }
        value = [
            "openapi": "3.1.0",
            "info": [
                "title": "Quire", "version": .string(version),
                "description": """
                Answers of a local model, in the interfaces of OpenAI, Anthropic, Ollama and \
                llama-server. `null` is the same as a member that is left out. Members that are \
                not named here are passed over and named in the header `x-quire-ignored`.
                """,
            ],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "key": ["type": "apiKey", "in": "header", "name": "x-api-key"],
                ]
            ],
        ]
    }

    private static func operation(_ route: Route, hasKeys: Bool) -> JSONValue {
        let about = route.about
        var members: [JSONValue.Member] = [.init("summary", .string(about.summary))]
        var parameters = route.parts.compactMap { part -> JSONValue? in
            guard let name = part.parameter else { return nil }
            return parameter(name, in: "path", BodySchema.string, isRequired: true)
        }
        parameters += about.query.map {
            parameter($0.name, in: "query", $0.schema, isRequired: false)
        }
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = about.body {
            members.append(
                .init("requestBody", ["required": true, "content": json(body)]))
        }
        members.append(.init("responses", .object(responses(route))))
        if hasKeys, !route.isOpen {
            members.append(.init("security", [["bearer": []], ["key": []]]))
        }
        return .object(members)
    }

    private static func parameter(
        _ name: String, in place: String, _ schema: BodySchema, isRequired: Bool
    ) -> JSONValue {
        [
            "name": .string(name), "in": .string(place), "required": .bool(isRequired),
            "schema": schema.value,
        ]
    }

    private static func json(_ schema: BodySchema) -> JSONValue {
        ["application/json": ["schema": schema.value]]
    }

    private static func responses(_ route: Route) -> [JSONValue.Member] {
        let about = route.about
        var content = about.answer.map { json($0).members ?? [] } ?? []
        // A schema of a stream is one of its events to some readers, and of its whole to others.
        if let stream = about.stream { content.append(.init(stream, [:])) }
        if about.answer == nil {
            content.append(.init("text/plain", ["schema": BodySchema.string.value]))
        }
        var responses = [
            JSONValue.Member("200", ["description": "The answer.", "content": .object(content)])
        ]
        let failures = about.failures + [.forbidden] + (route.isOpen ? [] : [.unauthorized])
        let statuses = Set(failures.map(\.status.http)).sorted()
        for status in statuses {
            let codes = failures.filter { $0.status.http == status }
            let words = Set(codes.map(\.status.word)).sorted().joined(separator: ", ")
            var members: [JSONValue.Member] = [
                .init("description", .string(words)),
                .init("content", json(route.dialect.refusal)),
            ]
            if codes.contains(where: { $0.status.retryAfter != nil }) {
                let seconds = BodySchema.integer(from: 1).value
                members.append(.init("headers", ["Retry-After": ["schema": seconds]]))
            }
            responses.append(.init("\(status)", .object(members)))
        }
        return responses
    }
}

extension Route {
    /// The path as the document has it.
    fileprivate var describedPath: String {
        "/"
            + parts.map { part in
                if case .word(let word) = part { word } else { "{\(part.parameter ?? "")}" }
            }.joined(separator: "/")
    }
}

/// Where the description is.
enum DescriptionEndpoint {
    /// The route of a description that it is in itself.
    static func route(beside routes: [Route], version: String, hasKeys: Bool) -> Route {
        func route(_ document: JSONValue) -> Route {
            Route(
                .get, "/openapi.json", isOpen: true,
                about: Operation("The server's own description", answer: .object)
            ) { _ in Reply.json { $0.value(document) } }
        }
        let all = routes + [route(.null)]
        return route(OpenAPIDocument(all, version: version, hasKeys: hasKeys).value)
    }
}
