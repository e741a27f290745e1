/// The shape at the points of a series, so that colour is never the only sign.
enum Marker: Int, CaseIterable {
    case circle
    case square
    case triangle
    case diamond
    case cross
    case down

    /// The marker of the n-th series: where a colour comes again, another marker than before.
    init(series index: Int) {
        self = Self.allCases[(index + index / Palette.seriesCount) % Self.allCases.count]
    }

    /// The outline around a point.
    func path(x: Double, y: Double, radius r: Double) -> PathData {
        var path = PathData()
        func polygon(_ points: [(Double, Double)]) {
            for (index, point) in points.enumerated() {
                let place = (x + point.0 * r, y + point.1 * r)
                if index == 0 { path.move(place.0, place.1) } else { path.line(place.0, place.1) }
            }
            path.close()
        }
        switch self {
        case .circle:
            // Four curves: the constant makes them a circle to 0.03 % (its usual approximation).
            let k = 0.5523 * r
            path.move(x - r, y)
            path.curve(x, y - r, by: (x - r, y - k), (x - k, y - r))
            path.curve(x + r, y, by: (x + k, y - r), (x + r, y - k))
            path.curve(x, y + r, by: (x + r, y + k), (x + k, y + r))
            path.curve(x - r, y, by: (x - k, y + r), (x - r, y + k))
            path.close()
        case .square: polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case .triangle: polygon([(0, -1.2), (1.15, 0.85), (-1.15, 0.85)])
        case .diamond: polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
        case .cross:
            polygon([
                (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
                (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
            ])
        case .down: polygon([(0, 1.2), (1.15, -0.85), (-1.15, -0.85)])
        }
        return path
    }
}
