/// What a request says of its stream, in the OpenAI interface.
struct StreamOptions {
    /// Whether it ends with what the request has used.
    var includesUsage = false
    /// Whether every event tells what it has used so far; only with `includesUsage`.
    var isContinuous = false
    /// Members that are not known.
    var ignored: [String] = []

    /// Reads `stream_options`.
    init(
        _ reader: inout MemberReader, isStreamed: Bool, unknown: UnknownMembers
    ) throws(RequestError) {
        guard let value = reader.value("stream_options") else { return }
        guard isStreamed else {
            throw reader.wrong("stream_options", "is for streams; leave it out, or set `stream`")
        }
        var options = try MemberReader(value, at: "stream_options")
        includesUsage = try options.bool("include_usage") ?? false
        isContinuous = try options.bool("continuous_usage_stats") ?? false
        // Padding against who counts bytes on the wire, which this server never adds.
        _ = try options.bool("include_obfuscation")
        ignored = try options.finish(unknown)
    }
}
