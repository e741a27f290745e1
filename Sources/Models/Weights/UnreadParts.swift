import ModelFiles

/// The hyper-parameters and tensors of a source that change what its model computes, and that its
/// architecture did not read: the model would run and answer something else.
struct UnreadParts {
    /// Their names, hyper-parameters first, each list in the file's order.
    let names: [String]
    private let architecture: String

    /// Sorts what is not in `log`.
    init(_ source: any ModelSource, architecture: String, log: ReadLog) {
        self.architecture = architecture
        let prefix = architecture + "."
        let keys = source.parameterKeys.filter { key in
            guard key.hasPrefix(prefix), !log.keys.contains(key) else { return false }
            guard let neutral = NeutralParameter.byName[String(key.dropFirst(prefix.count))],
                let value = source.parameter(key)
            else { return true }
            return !neutral.admits(value)
        }
        names = keys + source.tensorNames.filter { !log.tensors.contains($0) }
    }

    /// The refusal of the file; nil if everything was read.
    var error: ModelError? {
        guard let first = names.first else { return nil }
        let others = kinds.dropFirst()
        let more = others.isEmpty ? "" : ", nor are " + others.joined(separator: ", ")
        return ModelError(
            .unsupportedFeature, subject: String(first.prefix(ModelLimits.quotedNameLength)),
            "changes what the model computes and is not read by the architecture "
                + "'\(architecture)'\(more); take a model without it, or run this one as if it "
                + "were not there with --ignore-unread (in the library, "
                + "`ModelOptions.ignoresUnread`)")
    }

    /// What to tell a person who runs the model all the same; nil if everything was read.
    var warning: String? {
        guard !names.isEmpty else { return nil }
        return "not read of the model, which computes something else without: "
            + kinds.joined(separator: ", ")
    }

    /// The names, each once for all layers, and not too many of them.
    private var kinds: [String] {
        var kinds: [String] = []
        for name in names {
            let kind = Self.kind(name)
            if kinds.contains(kind) { continue }
            guard kinds.count < ModelLimits.quotedNames else { return kinds + ["..."] }
            kinds.append(kind)
        }
        return kinds
    }

    /// `blk.7.attn_q.bias` -> `blk.*.attn_q.bias`
    private static func kind(_ name: String) -> String {
        let parts = name.prefix(ModelLimits.quotedNameLength).split(
            separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[0] == "blk", Int(parts[1]) != nil else {
            return parts.joined(separator: ".")
        }
        return "blk.*." + parts.dropFirst(2).joined(separator: ".")
    }
}
