/// What a drawing's signs mean, one entry a sign, above the plot.
struct LegendEntry {
    /// The sign.
    enum Sample {
        case area(Tone, faint: Bool = false)
        case line(key: String, Dash, Marker?)
        case point(key: String, Marker)
        case ring
        case frame
    }

    let label: String
    let sample: Sample
}

extension Canvas {
    /// Draws entries in rows, as many as they need, and moves down. A single entry is drawn too:
    /// it names what is seen.
    mutating func legend(_ entries: [LegendEntry]) {
        guard !entries.isEmpty else { return }
        let sample = 26.0
        var x = 2.0
        bottom += 4
        for entry in entries {
            let label = TextMetrics.truncated(
                entry.label, width: width - sample - 10, size: Self.labelSize)
            let needed = sample + TextMetrics.width(label, size: Self.labelSize)
            if x > 2, x + needed > width - 2 {
                x = 2
                bottom += 19
            }
            draw(entry.sample, x: x, y: bottom + 8)
            text(label, x: x + sample, y: bottom + 12, color: "ink")
            x += needed + 16
        }
        bottom += 22
    }

    private mutating func draw(_ sample: LegendEntry.Sample, x: Double, y: Double) {
        switch sample {
        case .area(let tone, let faint):
            rect(
                x: x + 1, y: y - 6, width: 18, height: 12, fill: tone,
                opacity: faint ? Self.faint : 1, outlined: true)
        case .line(let key, let dash, let marker):
            var path = PathData()
            path.move(x, y)
            path.line(x + 20, y)
            stroke(path, key, dash: dash)
            if let marker { self.marker(marker, x: x + 10, y: y, key: key) }
        case .point(let key, let marker): self.marker(marker, x: x + 10, y: y, key: key)
        case .frame:
            emphasis(x: x + 2, y: y - 6, width: 16, height: 12)
        case .ring: ring(x: x + 10, y: y)
        }
    }
}
