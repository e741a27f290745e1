package import QuireEngine
import QuireIdentifiers
package import QuireJSON

extension PrefixMiss {
    /// The member of a usage that has it, beside the number of cached tokens.
    package static let member = "prefix_end"

    /// The members that tell it, an object of their own.
    package var json: JSONValue {
        let numbers = [
            ("position", position), ("token", token.map { Int($0.rawValue) }),
            ("cached_token", cachedToken.map { Int($0.rawValue) }),
        ]
        let told = numbers.compactMap { name, number in
            number.map { JSONValue.Member(name, .integer($0)) }
        }
        return .object([JSONValue.Member("reason", .string(reason.rawValue))] + told)
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
