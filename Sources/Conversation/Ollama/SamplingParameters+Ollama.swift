import QuireEngine
import QuireIdentifiers
import QuireJSON

extension SamplingParameters {
    /// The sampling parameters among the options of Ollama's interface, with its defaults.
    ///
    /// - Parameter maxModelLength: tokens of the longest sequence, the most that `num_ctx` may be.
    init(ollama options: inout MemberReader, maxModelLength: Int) throws(RequestError) {
        try self.init(llamaNames: &options, .ollama)
        maxTokens = try Self.maxTokens(&options)
        try Self.refuse(&options, maxModelLength: maxModelLength)
    }

    /// -1 is without end and -2 as long as the context, which here is the same.
    private static func maxTokens(_ options: inout MemberReader) throws(RequestError) -> Int? {
        guard let count = try options.integer("num_predict") else { return nil }
        guard count >= 1 || count == -1 || count == -2 else {
            throw options.wrong(
                "num_predict",
                "is \(count); it must be at least 1, or -1 or -2 for as many as "
                    + "there is room for")
        }
        return count < 0 ? nil : count
    }

    /// The penalty for repetition looks at all tokens: other windows cannot be had.
    mutating func readWindow(
        _ name: String, _ options: inout MemberReader
    ) throws(RequestError) {
        let window = try options.integer(name, from: -1)
        let spares = try options.bool("penalize_newline") == false
        guard window != 0 else { return repetitionPenalty = 1 }
        guard repetitionPenalty != 1 else { return }
        guard window == nil || window == -1 else {
            throw options.wrong(
                name, "is not supported but for -1, the whole context, and 0, off")
        }
        guard !spares else {
            throw options.wrong("penalize_newline", "is not supported but for true")
        }
    }

    private static func refuse(
        _ options: inout MemberReader, maxModelLength: Int
    ) throws(RequestError) {
        if let wanted = try options.integer("num_ctx", from: 0), wanted > maxModelLength {
            throw options.wrong(
                "num_ctx",
                "is \(wanted), and the context of this server is \(maxModelLength) "
                    + "tokens; lower it, or start the server with a longer one")
        }
        try options.refuse("mirostat", unless: "0") { $0.integer == 0 }
        for name in ["typical_p", "tfs_z"] {
            try options.refuse(name, unless: "1") { $0.double == 1 }
        }
    }
}
