package import QuireEngine
package import QuireJSON

extension PrefixMiss {
    /// The member of a usage that has it, beside the number of cached tokens.
    package static let member = "prefix_end"

    /// The members that tell it, an object of their own.
    package var json: JSONValue {
        var members = [JSONValue.Member("reason", .string(reason.rawValue))]
        if let position { members.append(.init("position", .integer(position))) }
        return .object(members)
    }
}

extension PrefixMiss? {
    /// Writes the member, where there is something to tell.
    package func write(to out: inout JSONWriter) {
        guard let self else { return }
        out.key(PrefixMiss.member)
        out.value(self.json)
    }
}
