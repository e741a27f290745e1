/// The outline of a path: what stands in the `d` of SVG.
struct PathData {
    private(set) var text = ""

    /// The points of straight lines, in order.
    private var points: [(x: Double, y: Double)] = []

    /// The smallest box around the path, control points of curves included.
    private(set) var bounds = Bounds()

    /// The point where the path stands.
    var last: (x: Double, y: Double)? { points.last }

    var isEmpty: Bool { text.isEmpty }

    /// Begins a part.
    mutating func move(_ x: Double, _ y: Double) { add("M", x, y) }

    /// A straight line to a point.
    mutating func line(_ x: Double, _ y: Double) { add("L", x, y) }

    /// A curve to a point with two control points.
    mutating func curve(
        _ x: Double, _ y: Double, by first: (Double, Double), _ second: (Double, Double)
    ) {
        add("C", first.0, first.1)
        add(" ", second.0, second.1)
        add(" ", x, y)
    }

    /// Straight lines through the points of another path, from its end to its beginning.
    mutating func backwards(_ other: PathData) {
        for point in other.points.reversed() { line(point.x, point.y) }
    }

    /// The parts of another path as well.
    mutating func append(_ other: PathData) {
        text += other.text
        points += other.points
        bounds.add(other.bounds.left, other.bounds.top)
        bounds.add(other.bounds.right, other.bounds.bottom)
    }

    /// Back to where the part began.
    mutating func close() { text += "Z" }

    /// A rectangle as a part of its own.
    mutating func rect(x: Double, y: Double, width: Double, height: Double) {
        add("M", x, y)
        bounds.add(x + width, y + height)
        text += "h\(DecimalText.coordinate(width))v\(DecimalText.coordinate(height))"
        text += "h\(DecimalText.coordinate(-width))Z"
    }

    private mutating func add(_ command: String, _ x: Double, _ y: Double) {
        points.append((x, y))
        bounds.add(x, y)
        text += "\(command)\(DecimalText.coordinate(x)) \(DecimalText.coordinate(y))"
    }
}
