import QuireJSON

/// What becomes of members of a body that its dialect does not know.
package enum UnknownMembers: Hashable, Sendable {
    /// They change nothing and are named to the client: it may be newer than this server.
    case named
    /// They are refused: a person wrote the file and wants to know of a typing error.
    case refused
}

extension MemberReader {
    /// Ends the reading of an object that has no members but those that were asked for.
    ///
    /// - Throws: when there are any, naming them.
    package func finish() throws(RequestError) { _ = try finish(.refused) }

    /// Ends the reading.
    ///
    /// - Returns: the names of the members that nobody asked for, fit for a header: cut in number
    ///   and length, and without control characters.
    /// - Throws: when there are any and they are refused, naming them.
    package func finish(_ unknown: UnknownMembers) throws(RequestError) -> [String] {
        let names = unasked
        guard let first = names.first else { return [] }
        switch unknown {
        case .named:
            return names.prefix(ConversationLimits.maxListedNames).map {
                path(of: $0.inMessage)
            }
        case .refused:
            let listed = names.map { path(of: $0) }.inMessage
            throw RequestError(
                "unrecognized parameters: \(listed)", param: path(of: first).inMessage)
        }
    }

    /// Passes over the known members that change nothing, checking their types.
    package mutating func passHarmless(
        _ fields: [String: HarmlessFields.Kind] = HarmlessFields.body
    ) throws(RequestError) {
        for name in unasked {
            guard let kind = fields[name] else { continue }
            _ = try read(name, kind.expected) { kind.fits($0) ? true : nil }
        }
    }

    /// Refuses known members that would change the answer and that are not supported.
    package mutating func refuse(_ names: [String]) throws(RequestError) {
        for name in names where value(name) != nil {
            throw wrong(name, "is not supported; leave it out")
        }
    }

    /// Refuses a known member unless its value is the one that changes nothing.
    mutating func refuse(
        _ name: String, unless harmless: String, _ isHarmless: (JSONValue) -> Bool
    ) throws(RequestError) {
        guard let value = value(name), !isHarmless(value) else { return }
        throw wrong(name, "is not supported but for \(harmless); leave it out")
    }
}
