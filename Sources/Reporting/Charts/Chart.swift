/// A picture of numbers.
///
/// A chart is a value: the same value is the same bytes of SVG, on every system and in every run.
/// Numbers that are not finite are missing: a line has a gap there, a bar is absent, a table shows
/// a dash.
package protocol Chart: Sendable {
    /// What is shown.
    var title: String { get }

    /// The sentence that says what to see.
    var caption: String { get }

    /// The picture in words, for those who do not see it.
    var summary: String { get }

    /// The numbers of the picture, at most `ReportingLimits.dataRows` rows.
    var data: ReportTable { get }

    /// Draws everything but title and caption from `canvas.bottom` downwards.
    func draw(on canvas: inout Canvas)
}

extension Chart {
    /// The picture as a document of its own: SVG with title and caption, colours for light and for
    /// dark, no fonts, no scripts.
    ///
    /// - Parameter width: the width in units of the drawing (CSS pixels where it is not scaled);
    ///   the height follows. Below 520 the layout is that for narrow screens.
    package func svg(width: Double = ChartWidth.wide) -> String {
        SVGDocument(self, width: width, id: fingerprint(width: width)).standalone
    }

    /// A name that only an equal chart of the same width has, so that the definitions of several
    /// pictures in one page do not meet.
    private func fingerprint(width: Double) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in [title, caption, summary, "\(Int(width))"] + data.lines() {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
        }
        return "q" + String(hash, radix: 16)
    }
}

/// The widths for which a page draws each chart.
package enum ChartWidth {
    /// For screens and paper.
    package static let wide = 760.0

    /// For telephones.
    package static let narrow = 360.0
}
