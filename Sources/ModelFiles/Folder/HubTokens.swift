package import QuireJSON

/// What the small files of a model's folder say of its tokens, beside `tokenizer.json`.
package struct HubTokens: Sendable {
    /// Ids that end an answer: of `generation_config.json`, or of `config.json` where that says
    /// nothing.
    package var endTokens: [Int] = []
    /// The texts of the beginning and the end, as `tokenizer_config.json` has them.
    package var bos: String?
    /// See `bos`.
    package var eos: String?
    /// Whether prompts begin with `bos`, where that is said.
    package var addsBOS: Bool?
    /// Whether prompts end with `eos`, where that is said.
    package var addsEOS: Bool?
    /// Tokens beside the vocabulary's, in the form of `added_tokens` of a `tokenizer.json`, which
    /// has them itself: for a `tokenizer.model`.
    package var added: JSONValue?

    /// Nothing said.
    package init() {}

    /// One id or a list of ids.
    static func ids(
        _ reader: inout HubReader, _ key: String
    ) throws(ModelFileError) -> [Int] {
        guard let value = reader.value(key) else { return [] }
        let ids = value.integer.map { [$0] } ?? value.array?.compactMap(\.integer) ?? []
        guard ids.count == value.array?.count ?? 1,
            ids.allSatisfy({ (0...Int(Int32.max)).contains($0) })
        else {
            throw reader.error(.wrongType, key, "must be a token's id, or a list of ids")
        }
        return ids
    }

    /// Reads `tokenizer_config.json`. What it says of classes and of code is passed over.
    mutating func read(_ reader: inout HubReader) throws(ModelFileError) {
        bos = try Self.token(&reader, "bos_token")
        eos = try Self.token(&reader, "eos_token")
        addsBOS = try reader.flag("add_bos_token")
        addsEOS = try reader.flag("add_eos_token")
        guard let members = reader.value("added_tokens_decoder")?.members else { return }
        added = .array(
            members.map { member in
                let id = JSONValue.Member("id", .integer(Int(member.key) ?? -1))
                return .object([id] + (member.value.members ?? []))
            })
    }

    /// A token by its text, or by an object that has it.
    private static func token(
        _ reader: inout HubReader, _ key: String
    ) throws(ModelFileError) -> String? {
        guard let value = reader.value(key) else { return nil }
        guard let text = value.string ?? value["content"]?.string else {
            throw reader.error(.wrongType, key, "must be a token's text")
        }
        return text
    }
}
