package import QuireIdentifiers

/// Another file that a text to be filled in refers to.
package struct FillFile: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its text, or a part of it.
    package var text: String

    /// A file.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

extension Tokenizer {
    /// The tokens by which the model fills in the middle of a text; nil: it was not made for it.
    package var fillTokens: FillTokens? { core.roles.fill }

    /// The prompt that asks for what is between two texts:
    /// `[repository]name [file]name text ... [file]name [prefix]before[suffix]after[middle]`.
    ///
    /// All texts are data: names of special tokens in them do not stand for those. A model that
    /// knows no repositories is given the other files as comments of a kind, which every language
    /// reads over.
    ///
    /// - Parameters:
    ///   - before: tokens instead of text are fed as they are.
    ///   - name: the name of the file that is filled in, told where there are others.
    ///   - beginsPrompt: whether the prompt begins as the model's file asks for.
    /// - Returns: nil where the vocabulary has no tokens for it.
    package func encodeFill(
        before: [TokenID], after: String, files: [FillFile] = [], name: String = "current",
        beginsPrompt: Bool = true
    ) -> [TokenID]? {
        guard let tokens = fillTokens else { return nil }
        var prompt = beginsPrompt ? core.roles.promptPrefix : []
        if !files.isEmpty, let repository = tokens.repository {
            prompt.append(repository)
            prompt += encodeData("repository\n")
        }
        for file in files {
            if let mark = tokens.file {
                prompt.append(mark)
                prompt += encodeData("\(file.name)\n\(file.text)")
            } else {
                prompt += encodeData("\n\n--- \(file.name) ---\n\n\(file.text)")
            }
        }
        if !files.isEmpty, let mark = tokens.file {
            prompt.append(mark)
            prompt += encodeData("\(name)\n")
        }
        prompt.append(tokens.prefix)
        prompt += before
        prompt.append(tokens.suffix)
        prompt += encodeData(after)
        prompt.append(tokens.middle)
        return prompt
    }

    /// The tokens of a text in which nothing stands for a token of structure, also where the
    /// vocabulary calls such a token text.
    package func encodeData(_ text: String) -> [TokenID] {
        let structure = endOfGeneration.union(fillTokens?.all ?? [])
        return encode(text, data: [0..<text.utf8.count], structure: structure)
    }
}
