/// Finds room for labels beside their points; a label without room is left out (the table of data
/// has it).
struct LabelPlacer {
    private struct Box {
        let left: Double
        let right: Double
        let top: Double
        let bottom: Double

        func meets(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    private static let size = 11.0
    private let plot: Box
    private var taken: [Box] = []
    private var lines: [Box] = []

    init(in plot: Plot) {
        self.plot = Box(left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom)
    }

    /// Keeps labels off a marker.
    mutating func avoid(x: Double, y: Double) {
        taken.append(Box(left: x - 5, right: x + 5, top: y - 5, bottom: y + 5))
    }

    /// Keeps labels off a straight line, as far as they have another place.
    mutating func avoid(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let steps = max(1, Int((dx * dx + dy * dy).squareRoot() / 6))
        for step in 0...min(steps, 400) {
            let part = Double(step) / Double(min(steps, 400))
            let (x, y) = (start.x + dx * part, start.y + dy * part)
            lines.append(Box(left: x - 2, right: x + 2, top: y - 2, bottom: y + 2))
        }
    }

    /// The start of the baseline for a label beside a point; nil: there is no room.
    mutating func place(
        _ label: String, beside point: (x: Double, y: Double)
    ) -> (x: Double, y: Double)? {
        let width = TextMetrics.width(label, size: Self.size)
        let half = width / 2
        // To the right, to the left, above, below.
        let corners = [
            (point.x + 8, point.y - 6), (point.x - 8 - width, point.y - 6),
            (point.x - half, point.y - 20), (point.x - half, point.y + 7),
            (point.x + 5, point.y - 18), (point.x - 5 - width, point.y - 18),
            (point.x + 5, point.y + 6), (point.x - 5 - width, point.y + 6),
            (point.x - half, point.y - 30), (point.x - half, point.y + 17),
        ]
        for (obstacles, (left, top)) in corners.map({ (lines, $0) }) + corners.map({ ([], $0) }) {
            let box = Box(left: left, right: left + width, top: top, bottom: top + 13)
            let isInside =
                box.left >= plot.left && box.right <= plot.right
                && box.top >= plot.top && box.bottom <= plot.bottom
            guard isInside, !taken.contains(where: box.meets) else { continue }
            guard !obstacles.contains(where: box.meets) else { continue }
            taken.append(box)
            return (left, top + 10)
        }
        return nil
    }
}
