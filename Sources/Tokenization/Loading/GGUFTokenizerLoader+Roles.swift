import ModelFiles
import QuireIdentifiers

extension GGUFTokenizerLoader {
    /// The id that a key names; nil, with a warning, if it is beyond the vocabulary.
    mutating func id(_ name: String) throws(TokenizerError) -> Int? {
        let metadata = self.metadata
        let number = try Self.reading { () throws(ModelFileError) in
            try metadata.integer(ifPresent: Self.key(name))
        }
        guard let number else { return nil }
        guard builder.kinds.indices.contains(number) else {
            warn("\(Self.key(name)) is \(number), beyond the vocabulary: passed over")
            return nil
        }
        return number
    }

    /// The special tokens' parts. Tokens that are control by name become so by kind.
    mutating func loadRoles(
        addsBOS: Bool, addsEOS: Bool = false
    ) throws(TokenizerError) -> TokenRoles {
        var roles = TokenRoles()
        let isLlama = model == "llama"
        let bos = try id("bos_token_id") ?? (isLlama ? defaultID(1) : nil)
        let eos = try id("eos_token_id") ?? (isLlama ? defaultID(2) : nil)
        roles.bos = bos.map { TokenID(UInt32($0)) }
        roles.eos = eos.map { TokenID(UInt32($0)) }
        var ends = TokenRoles.endTokens { builder.find($0) }
        for id in ends where builder.kinds[id] != .unknown { builder.kinds[id] = .control }
        for name in TokenRoles.textNames {
            if let id = builder.find(name) { builder.kinds[id] = .userDefined }
        }
        if let eos { ends.append(eos) }
        for name in ["eot_token_id", "eom_token_id"] {
            if let id = try id(name) { ends.append(id) }
        }
        roles.endOfGeneration = Set(ends.map { TokenID(UInt32($0)) })
        roles.fill = try fillTokens()
        if try bool("add_bos_token") ?? addsBOS {
            if let bos = roles.bos {
                roles.promptPrefix = [bos]
            } else {
                warn("prompts should begin with BOS, but the file names none")
            }
        }
        if try bool("add_eos_token") ?? addsEOS {
            if let eos = roles.eos {
                roles.promptSuffix = [eos]
            } else {
                warn("prompts should end with EOS, but the file names none")
            }
        }
        return roles
    }

    private mutating func fillTokens() throws(TokenizerError) -> FillTokens? {
        var named: [FillTokens.Part: Int] = [:]
        for part in FillTokens.Part.allCases {
            for key in part.keys where named[part] == nil { named[part] = try id(key) }
        }
        return FillTokens(named: named) { builder.find($0) }
    }

    private func defaultID(_ id: Int) -> Int? { id < builder.kinds.count ? id : nil }

    /// The tokens that are looked for in text as a whole: user-defined ones always, control and
    /// unknown ones when asked for.
    func addedTokens() throws(TokenizerError) -> [AddedToken] {
        let metadata = self.metadata
        let name = try Self.reading { () throws(ModelFileError) in
            try metadata.string(ifPresent: "general.name")
        }
        let lowercased = name?.lowercased() ?? ""
        // Phi 3's special tokens take the whitespace after them; its files do not say so.
        let isPhi3 = lowercased.contains("phi-3") || lowercased.contains("phi3")
        var tokens: [AddedToken] = []
        for (id, kind) in builder.kinds.enumerated() where kind.isSpecial || kind == .userDefined {
            let text = Array(builder.texts.slice(id))
            if text.isEmpty { continue }
            var token = AddedToken(id: UInt32(id), text: text, isSpecial: kind.isSpecial)
            if isPhi3 {
                token.takesSpaceAfter = !["<unk>", "<s>", "<|endoftext|>"].contains {
                    $0.utf8.elementsEqual(text)
                }
            }
            tokens.append(token)
        }
        return tokens
    }
}
