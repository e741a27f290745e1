/// The families that people name models by.
enum ModelFamilies {
    /// Whether the word is the name of a family, alone or with a version or size behind it
    /// (`mistral`, `llama3`, `Phi-4-mini`), or carries a size as names of models do (`foo-7b`).
    static func names(_ word: String) -> Bool {
        let lower = word.lowercased()
        let letters = String(lower.prefix { $0.isLetter })
        // A word that merely begins like a family (`falconer`) is another word.
        if families.contains(letters) { return true }
        return hasSize(lower)
    }

    /// A part such as `7b`, `0.5b` or `270m` between the marks of a name.
    private static func hasSize(_ word: String) -> Bool {
        word.split(whereSeparator: { "-_:".contains($0) }).contains { part in
            guard part.count >= 2, let unit = part.last, unit == "b" || unit == "m" else {
                return false
            }
            let number = part.dropLast()
            return number.allSatisfy { $0.isASCIIDigit || $0 == "." }
                && number.first?.isASCIIDigit == true
        }
    }

    private static let families: Set<String> = [
        "aya", "baichuan", "bielik", "bloomz", "chatglm", "codegemma", "codellama", "codestral",
        "dbrx", "deepseek", "devstral", "dolly", "ernie", "exaone", "falcon", "gemma", "glm",
        "gpt", "granite", "grok", "hunyuan", "internlm", "jamba", "kimi", "lfm", "llama", "llava",
        "magistral", "mamba", "minicpm", "minimax", "ministral", "mistral", "mixtral", "mpt",
        "nemotron", "olmo", "opt", "phi", "pixtral", "pythia", "qwen", "qwq", "rwkv", "smollm",
        "stablelm", "starcoder", "tinyllama", "tulu", "vicuna", "wizardlm", "yi", "zephyr",
    ]
}
