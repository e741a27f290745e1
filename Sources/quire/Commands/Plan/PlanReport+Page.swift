import KVCache
import Planning
import Reporting

extension PlanReport {
    /// The plan as a page.
    func page() -> Report {
        let request = plan.request
        var page = Report(
            title: "A plan for \(request.shape.name)", summary: summary,
            parameters: parameters)
        let notes = plan.notes.map { "Note: \($0)." }
        page.append(prose: ([assumptions] + notes).joined(separator: "\n\n"))
        page.append(heading: "Memory")
        if !parts.isEmpty { page.append(memoryTable) }
        page.append(prose: keyValueLines.joined(separator: "\n\n"))
        if let chart = growthChart { page.append(chart) }
        if plan.fit != nil {
            page.append(heading: "Concurrent sequences")
            page.append(sequencesChart)
        }
        if let chart = rooflineChart {
            page.append(heading: "Bounds of speed")
            page.append(chart)
            page.append(speedTable)
        }
        for part in [swapping, prices] where !part.isEmpty {
            page.append(prose: part.joined(separator: "\n\n"))
        }
        return page
    }

    private var summary: String {
        guard let fit = plan.fit else { return keyValueLines.first ?? "" }
        return "\(Sizes.grouped(fit.paged)) sequences in blocks, \(Sizes.grouped(fit.reserved)) "
            + "reserved, in \(Numbers.gib(fit.roomBytes)) of keys and values."
    }

    private var parameters: [(String, String)] {
        let request = plan.request
        var rows = [
            ("model", "\(request.shape.name) (\(request.source))"),
            ("context", "\(Sizes.grouped(request.context)) tokens"),
            ("keys and values", request.dtype.rawValue),
            ("block", "\(request.blockSize) tokens"),
            ("step", "\(Sizes.grouped(request.stepTokens)) tokens"),
        ]
        if let weights = request.weights { rows.append(("weights", weights.format)) }
        if let lengths { rows.append(("lengths", lengths)) }
        if let device = request.device {
            rows.append(("machine", "\(request.devices) x \(device.title) (\(device.source))"))
        }
        return rows
    }

    private var memoryTable: ReportTable {
        ReportTable(
            title: "What takes memory",
            columns: ["Part", .number("bytes"), .number("GB"), .number("GiB")],
            rows: parts.map { name, bytes in
                [
                    .init(name), .init(bytes), .init(Numbers.inGB(bytes), value: Double(bytes)),
                    .init(Numbers.inGiB(bytes), value: Double(bytes)),
                ]
            }, note: "GB are 10^9 bytes, GiB 2^30.")
    }
}
