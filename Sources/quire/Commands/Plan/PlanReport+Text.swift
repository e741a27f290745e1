import KVCache
import Planning

extension PlanReport {
    /// The report for a person.
    var lines: [String] {
        var lines = head + [""]
        if let here {
            lines += here.lines + [""]
        } else if !parts.isEmpty {
            lines += memoryLines + [""]
        }
        lines += keyValueLines
        for part in [room, speeds, swapping, prices] where !part.isEmpty { lines += [""] + part }
        if !plan.notes.isEmpty { lines += [""] + plan.notes.map { "Note: \($0)." } }
        return lines
    }

    private var head: [String] {
        let shape = plan.request.shape
        var what = ["\(shape.layers.count) layers"]
        if shape.hidden > 0 { what.append("width \(Sizes.grouped(shape.hidden))") }
        if let first = shape.layers.first { what.append(attention(first)) }
        if let weights = plan.request.weights {
            what.append("\(Sizes.grouped(weights.parameters)) parameters")
        }
        if plan.request.hasAllDimensions,
            shape.layers.contains(where: { $0.feedForward.expertCount > 0 })
        {
            what.append("of which a token meets \(Sizes.grouped(shape.activeParameters))")
        }
        return [
            "\(Terminal.plain(shape.name)): \(what.joined(separator: ", "))",
            "(\(plan.request.source))", assumptions,
        ]
    }

    private func attention(_ layer: LayerShape) -> String {
        let isKnown = plan.request.hasQueryHeads
        switch layer.attention {
        case .latent(let latent):
            let vector = "a latent vector of \(latent.rank) + \(latent.rope) (MLA)"
            return isKnown
                ? "\(latent.query) heads on \(vector)" : "\(vector); --heads is not given"
        case .heads(let heads):
            let several = "key/value head\(heads.keyValue == 1 ? "" : "s")"
            return isKnown
                ? "\(heads.query) heads of \(heads.dimension) on \(heads.keyValue) \(several) "
                    + "(\(layer.attention.kind))"
                : "\(heads.keyValue) \(several) of \(heads.dimension); --heads is not given"
        }
    }

    /// Whether it can be told which kind of attention a layer has: groups take the query heads.
    func isKindKnown(_ layer: LayerShape) -> Bool {
        if case .heads = layer.attention { plan.request.hasQueryHeads } else { true }
    }

    /// What takes memory, and what is there.
    var parts: [(name: String, bytes: Int)] {
        if let here { return here.parts }
        var parts: [(name: String, bytes: Int)] = []
        let request = plan.request
        if let weights = request.weights {
            parts.append(("weights, \(weights.format)", weights.bytes))
            if let read = plan.weightBytesRead { parts.append(("  of them a token reads", read)) }
        }
        if let activations = plan.activations {
            parts.append(("activations of a step", activations.layerBytes))
            parts.append(("logits of a step", activations.logitBytes))
        }
        if plan.keyValues.scratchBytes > 0 {
            parts.append(("int8 queries", plan.keyValues.scratchBytes))
        }
        if request.reserveBytes > 0 { parts.append(("left alone", request.reserveBytes)) }
        if let fit = plan.fit, let device = request.device {
            parts.append(("left for keys and values", fit.roomBytes))
            let several = request.devices > 1 ? "\(request.devices) x " : ""
            parts.append(("\(several)\(device.title)", request.devices * device.memoryBytes))
        }
        return parts
    }

    private var memoryLines: [String] {
        var table = TextTable([
            ("MEMORY", .left), ("BYTES", .right), ("GB", .right), ("GiB", .right),
        ])
        for (name, bytes) in parts {
            table.append([name, Sizes.grouped(bytes), Numbers.inGB(bytes), Numbers.inGiB(bytes)])
        }
        return table.lines
    }

    var keyValueLines: [String] {
        let cost = plan.keyValues
        let scales =
            cost.scaleBytesPerToken > 0
            ? " (of them \(Sizes.grouped(cost.scaleBytesPerToken)) scales)" : ""
        var lines = [
            "Keys and values: \(Sizes.grouped(cost.bytesPerToken)) bytes a token\(scales); "
                + "\(Sizes.grouped(cost.bytesPerSequence)) bytes = "
                + "\(Numbers.both(cost.bytesPerSequence)) a sequence of "
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
            ("CONCURRENT SEQUENCES", .left), ("TOKENS HELD", .right), ("RESERVED", .right),
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
}
