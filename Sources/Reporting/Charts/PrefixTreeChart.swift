/// The prefix tree of a cache as an icicle: from left to right the tokens of a prompt, one above
/// the other the prompts that differ. A bar's width is its tokens, its height the requests that
/// share it: what is tall was computed once for many.
package struct PrefixTreeChart: Chart, Hashable {
    /// A run of tokens that the same requests share.
    package struct Node: Hashable, Sendable {
        /// The index of the node before it; nil: prompts begin here.
        package var parent: Int?

        /// What the tokens are; empty: not said.
        package var label: String

        /// How many tokens they are.
        package var tokens: Int

        /// Requests that end here.
        package var requests: Int

        /// The colour, by meaning.
        package var tone: Tone

        /// A run of tokens; counts are not negative.
        package init(
            parent: Int? = nil, _ label: String, tokens: Int, requests: Int = 0,
            tone: Tone = .reused
        ) {
            precondition(tokens >= 0 && requests >= 0, "counts are not negative")
            self.parent = parent
            self.label = label
            self.tokens = tokens
            self.requests = requests
            self.tone = tone
        }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// The nodes, each after its parent. Of more than `ReportingLimits.treeNodes` the first ones
    /// are drawn.
    package var nodes: [Node]

    /// The legend's words for tones whose meaning here is narrower.
    package var words: [Tone: String]

    /// A prefix tree.
    package init(title: String, caption: String, nodes: [Node], words: [Tone: String] = [:]) {
        for (index, node) in nodes.enumerated() {
            precondition(node.parent.map { 0 <= $0 && $0 < index } ?? true, "parents come first")
        }
        self.title = title
        self.caption = caption
        self.nodes = nodes
        self.words = words
    }

    /// Where a node lies: its first token, and the requests above and in it.
    struct Place {
        var start = 0
        var above = 0.0
        var weight = 0.0
    }

    /// The nodes that are drawn; parents come first, so the rest are the latest leaves.
    var drawn: ArraySlice<Node> { nodes.prefix(ReportingLimits.treeNodes) }

    /// The places of the drawn nodes.
    var places: [Place] { places(of: drawn) }

    /// The places of the first nodes, in O(nodes). A leaf weighs at least one request.
    private func places(of drawn: ArraySlice<Node>) -> [Place] {
        var places = drawn.map { Place(weight: Double($0.requests)) }
        let hasChildren = drawn.reduce(into: Set<Int>()) { set, node in
            if let parent = node.parent { set.insert(parent) }
        }
        for index in drawn.indices.reversed() {
            if !hasChildren.contains(index) { places[index].weight = max(1, places[index].weight) }
            if let parent = drawn[index].parent { places[parent].weight += places[index].weight }
        }
        var nextRoot = 0.0
        var next = [Double](repeating: 0, count: places.count)
        for (index, node) in drawn.enumerated() {
            if let parent = node.parent {
                places[index].start = places[parent].start + nodes[parent].tokens
                places[index].above = places[parent].above + next[parent]
                next[parent] += places[index].weight
            } else {
                places[index].above = nextRoot
                nextRoot += places[index].weight
            }
        }
        return places
    }

    func word(_ tone: Tone) -> String { words[tone] ?? tone.word ?? "" }

    /// The nodes as rows.
    package var data: ReportTable {
        let places = places
        let columns: [ReportTable.Column] = [
            "Prefix", "State", .number("from token"), .number("tokens"), .number("requests"),
            .number("token uses"),
        ]
        return .data(title: title, columns: columns, count: places.count) { row in
            let node = nodes[row]
            let weight = Int(places[row].weight)
            return [
                .init(node.label), .init(word(node.tone)), .init(places[row].start),
                .init(node.tokens), .init(weight), .init(weight * node.tokens),
            ]
        }
    }

    /// The picture in words.
    package var summary: String {
        let stored = nodes.reduce(0) { $0 + $1.tokens }
        let used = zip(nodes, places(of: nodes[...])).reduce(0) {
            $0 + $1.0.tokens * Int($1.1.weight)
        }
        return "Prefix tree of \(nodes.count) nodes. \(stored) tokens are stored; without sharing "
            + "they would be \(used)."
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) {
        let places = places
        let used = Set(drawn.map(\.tone))
        canvas.legend(
            Tone.meanings.filter(used.contains).map {
                LegendEntry(label: word($0), sample: .area($0, faint: true))
            })
        let weight = zip(drawn, places).filter { $0.0.parent == nil }.reduce(0) { $0 + $1.1.weight }
        let longest = zip(drawn, places).map { $1.start + $0.tokens }.max() ?? 0
        // Large trees are taller, up to a few screens; then bars get thinner.
        let unit = max(min(26, 340 / max(1, weight)), min(2, 900 / max(1, weight)))
        let axis = Axis("Tokens from the start of the prompt", .count("tokens"), from: 0)
        let horizontal = canvas.horizontalAxis(
            PlotAxis(axis, 0...Double(max(1, longest)), .tight), from: 6, to: canvas.width - 12)
        let top = canvas.bottom + 6
        let base = top + max(40, unit * weight) + 2
        let vertical = ResolvedAxis(Axis("", from: 0, to: 1), extent: nil, fit: .tight, count: 1)
        let plot = Plot(
            x: Scale(horizontal, from: 6, to: canvas.width - 12),
            y: Scale(vertical, from: base, to: top))
        canvas.draw(horizontal, in: plot, gridTop: top, base: base)
        if drawn.isEmpty { canvas.emptyNote(in: plot) }
        for (node, place) in zip(drawn, places) {
            let x = plot.x(Double(place.start))
            let width = plot.x(Double(place.start + node.tokens)) - x
            let y = top + place.above * unit
            let height = place.weight * unit
            var box = PathData()
            box.rect(x: x, y: y, width: max(0.75, width - 1), height: max(0.75, height - 1))
            canvas.fill(
                box, node.tone, opacity: Canvas.faint, outlined: height >= 4,
                textured: height >= 7 && width >= 7)
            guard height >= 15, width >= 24 else { continue }
            let count = "\(DecimalText.fixed(Double(node.tokens), digits: 0)) tokens"
            let full = node.label.isEmpty ? count : "\(node.label) · \(count)"
            let fits = TextMetrics.width(full, size: 11) <= width - 8
            let label = TextMetrics.truncated(
                fits ? full : node.label, width: width - 8, size: 11)
            canvas.text(
                label, x: x + 4, y: y + height / 2 + 4, color: "ink", size: 11, halo: true)
        }
        if drawn.count < nodes.count {
            canvas.paragraph("The first \(drawn.count) of \(nodes.count) nodes.")
        }
    }
}
