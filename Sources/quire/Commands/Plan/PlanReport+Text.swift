import KVCache
import Planning

extension PlanReport {
    /// The report for a person.
    var lines: [String] {
        var lines = head + [""]
        if let here { lines += here.lines + [""] } else { lines += memory + [""] }
        lines += keyValueLines
        for part in [room, speeds, swapping, prices] where !part.isEmpty { lines += [""] + part }
        if !plan.notes.isEmpty { lines += [""] + plan.notes.map { "Note: \($0)." } }
        return lines
    }

    private var head: [String] {
        let shape = plan.request.shape
        var what = ["\(shape.layers.count) layers"]
        if shape.hidden > 0 { what.append("width \(Sizes.grouped(shape.hidden))") }
        if let first = shape.layers.first { what.append(Self.attention(first.attention)) }
        if let weights = plan.request.weights {
            what.append("\(Sizes.grouped(weights.parameters)) parameters")
        }
        let active = shape.activeParameters
        if shape.layers.contains(where: { $0.feedForward.expertCount > 0 }), active > 0 {
            what.append("of which a token meets \(Sizes.grouped(active))")
        }
        return [
            "\(Terminal.plain(shape.name)): \(what.joined(separator: ", "))",
            "(\(plan.request.source))", assumptions,
        ]
    }

    private static func attention(_ attention: AttentionShape) -> String {
        switch attention {
        case .latent(let latent):
            "\(latent.query) heads on a latent vector of \(latent.rank) + \(latent.rope) (MLA)"
        case .heads(let heads):
            "\(heads.query) heads of \(heads.dimension) on \(heads.keyValue) key/value heads "
                + "(\(attention.kind))"
        }
    }

    private var memory: [String] {
        var table = TextTable([
            ("MEMORY", .left), ("BYTES", .right), ("GB", .right), ("GiB", .right),
        ])
        func add(_ name: String, _ bytes: Int) {
            table.append([name, Sizes.grouped(bytes), Self.gb(bytes), Self.gib(bytes)])
        }
        if let weights = plan.request.weights { add("weights, \(weights.format)", weights.bytes) }
        if let activations = plan.activations {
            add("activations of a step", activations.layerBytes)
            add("logits of a step", activations.logitBytes)
        }
        if plan.keyValues.scratchBytes > 0 { add("int8 queries", plan.keyValues.scratchBytes) }
        if plan.request.reserveBytes > 0 { add("left alone", plan.request.reserveBytes) }
        if let fit = plan.fit, let device = plan.request.device {
            add("left for keys and values", fit.roomBytes)
            let count = plan.request.devices
            let several = count > 1 ? "\(count) x " : ""
            add("\(several)\(device.title)", count * device.memoryBytes)
        }
        return table.lines
    }

    private var keyValueLines: [String] {
        let cost = plan.keyValues
        let scales =
            cost.scaleBytesPerToken > 0
            ? " (of them \(Sizes.grouped(cost.scaleBytesPerToken)) scales)" : ""
        var lines = [
            "Keys and values: \(Sizes.grouped(cost.bytesPerToken)) bytes a token\(scales); "
                + "\(Sizes.grouped(cost.bytesPerSequence)) bytes (\(Self.gib(cost.bytesPerSequence)) "
                + "GiB, \(Self.gb(cost.bytesPerSequence)) GB) a sequence of "
                + "\(Sizes.grouped(cost.context)) tokens."
        ]
        if let textbook = plan.textbookActivations, here == nil {
            lines.append(
                "Activations by the textbook (tokens x width x layers x 2 bytes): "
                    + "\(Sizes.grouped(textbook)) bytes. Not so in inference: a layer's buffers "
                    + "serve the next one; what is counted above is one layer's.")
        }
        return lines
    }

    private var room: [String] {
        guard let fit = plan.fit else { return [] }
        var table = TextTable([
            ("SEQUENCES AT ONCE", .left), ("TOKENS HELD", .right), ("RESERVED", .right),
            ("PAGED", .right),
        ])
        var rows = plan.fitByTokens.map { ("if each held", $0) }
        if plan.request.lengths != nil { rows.insert(("as --lengths says", fit), at: 0) }
        for (name, fit) in rows {
            table.append([
                name, Sizes.grouped(Int(fit.meanTokens.rounded())), Sizes.grouped(fit.reserved),
                Sizes.grouped(fit.paged),
            ])
        }
        return table.lines + [
            "Reserved: each sets \(Sizes.grouped(plan.request.context)) tokens aside. Paged: "
                + "blocks as they are needed, \(Sizes.grouped(fit.blocks)) of "
                + "\(Sizes.grouped(fit.blockBytes)) bytes."
        ]
    }

    static func gb(_ bytes: Int) -> String { Numbers.decimal(Double(bytes) / 1e9, 3) }

    static func gib(_ bytes: Int) -> String { Numbers.decimal(Double(bytes) / Double(1 << 30), 3) }
}
