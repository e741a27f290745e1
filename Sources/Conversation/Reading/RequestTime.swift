package import QuireJSON

/// `timeout`, which whoever answers honours, whatever the dialect: the seconds that an answer may
/// take.
package enum RequestTime {
    /// Takes it out of a body; nil where there is none.
    ///
    /// - Throws: for what is no time that an answer can have.
    package static func take(from body: inout JSONValue) throws(RequestError) -> Duration? {
        guard case .object(let members) = body, body["timeout"] != nil else { return nil }
        var reader = try MemberReader(body)
        let seconds = try reader.double(
            "timeout", above0AndAtMost: ConversationLimits.maxTimeoutSeconds)
        body = .object(members.filter { $0.key != "timeout" })
        return seconds.map { .seconds($0) }
    }
}
