import Planning
import Reporting

extension PlanReport {
    /// How keys and values grow with the sequences, up to the memory; nil: no machine.
    var growthChart: AreaChart? {
        guard let fit = plan.fit, let device = plan.request.device, here == nil, fit.paged > 0
        else { return nil }
        let most = Double(fit.paged) * 1.1
        let places = (0...11).map { most * Double($0) / 11 }
        let each = fit.runningBlocks * Double(fit.blockBytes)
        let constant = { (bytes: Int) in places.map { _ in Double(bytes) } }
        var layers: [StackedLayers.Layer] = []
        if let weights = plan.request.weights {
            layers.append(.init("weights", .series(0), constant(weights.bytes)))
        }
        let beside =
            (plan.activations?.bytes ?? 0) + plan.keyValues.scratchBytes
            + plan.request.reserveBytes
        layers.append(.init("activations and the rest", .reserved, constant(beside)))
        layers.append(.init("keys and values", .computed, places.map { $0 * each }))
        let memory = plan.request.devices * device.memoryBytes
        return AreaChart(
            title: "Keys and values grow until the memory is full",
            caption: "The memory is full at \(Sizes.grouped(fit.paged)) sequences that hold "
                + "\(Sizes.grouped(Int(fit.meanTokens.rounded()))) tokens on average.",
            x: Axis("Concurrent sequences", .count("")), y: Axis("Memory", .binaryBytes),
            stack: StackedLayers(places: places, layers: layers),
            rules: [.capacity("memory: \(Numbers.gib(memory))", at: Double(memory))])
    }

    /// Concurrent sequences, reserved and paged, by the tokens that each holds.
    var sequencesChart: BarChart {
        let fits = plan.fitByTokens
        return BarChart(
            title: "Concurrent sequences by what each holds",
            caption: "Reserving sets the whole context aside whatever a sequence holds; blocks "
                + "follow what it holds.",
            categoryTitle: "Tokens held",
            categories: fits.map { Sizes.grouped(Int($0.meanTokens.rounded())) },
            axis: Axis("Sequences", .count("")),
            bars: [
                .init("reserved", fits.map { Double($0.reserved) }, tone: .reserved),
                .init("paged", fits.map { Double($0.paged) }, tone: .computed),
            ])
    }

    /// Prefill and decode on the roofline; nil: there are no bounds.
    var rooflineChart: RooflineChart? {
        guard let roofline = plan.roofline, let speed = plan.speed else { return nil }
        let most = max(speed.turningBatch ?? 1, speed.decodes.last?.tokens ?? 1, 64)
        let decodes = Self.powers(upTo: most).map {
            Self.point(roofline.decode(batch: $0, context: speed.context), "\($0)")
        }
        // A prompt of a few tokens is no more than a decode of as many sequences.
        let prefills = Self.powers(upTo: plan.request.context).filter { $0 >= 16 }.map {
            Self.point(roofline.prefill(tokens: $0), "\($0)")
        }
        return RooflineChart(
            title: "Prefill and decode on the roofline",
            caption: "A longer prompt moves to the right, to the limit of compute; more "
                + "concurrent sequences share the weights and move there too, as far as their own "
                + "keys and values let them.",
            roofs: [
                .init(
                    plan.request.device?.title ?? "machine", bandwidth: roofline.bandwidth,
                    peak: roofline.operations)
            ],
            series: [
                Series("decode, by sequences", decodes), Series("prefill, by tokens", prefills),
            ])
    }

    /// The bounds as a table.
    var speedTable: ReportTable {
        var rows: [[ReportTable.Cell]] = []
        if let speed = plan.speed {
            for point in speed.decodes + [speed.prefill] {
                let isPrefill = point == speed.prefill
                rows.append([
                    .init(
                        isPrefill
                            ? "prefill" : "decode of \(Sizes.grouped(speed.context)) tokens each"),
                    .init(point.tokens), .init(point.tokensPerSecond, .count("")),
                    .init(point.seconds, .seconds), .init(point.intensity, .count("FLOP/B")),
                    .init(point.bound.rawValue),
                ])
            }
        }
        return ReportTable(
            title: "Speed at most",
            columns: [
                "Step", .number("tokens"), .number("tokens/s"), .number("time"),
                .number("intensity"), "bound by",
            ], rows: rows)
    }

    private static func powers(upTo most: Int) -> [Int] {
        var powers = [1]
        while let last = powers.last, last < most { powers.append(min(most, last * 4)) }
        return powers
    }

    private static func point(_ point: Roofline.Point, _ label: String) -> Series.Point {
        Series.Point(point.intensity, point.operations / point.seconds, label: label)
    }
}
