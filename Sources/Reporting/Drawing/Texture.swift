/// The texture over a colour, so that colour is never the only sign.
///
/// A texture is lines of the ground, clipped to the area; SVG's patterns would be shorter, but
/// browsers print each use of one as a picture, and a page of them took hundreds of megabytes.
enum Texture: Hashable {
    case solid
    case dots
    case rising
    case falling
    case crossed
    case level
    case upright

    /// The distance of lines.
    private static let step = 6.0

    /// The width of the lines; wide ones make an area lighter.
    private var width: String {
        switch self {
        case .solid: "0"
        case .dots: "2.2"
        case .rising: "1.4"
        case .falling: "2.8"
        case .crossed: "1"
        case .level: "1.1"
        case .upright: "1"
        }
    }

    /// The attributes of a line's element, besides its path and colour.
    var attributes: String {
        // Dots are dashes without length, with round ends.
        self == .dots
            ? " stroke-width=\"\(width)\" stroke-dasharray=\"0 6\" stroke-linecap=\"round\""
            : " stroke-width=\"\(width)\""
    }

    /// The lines over a box. They lie at multiples of their distance in the whole drawing, so that
    /// neighbouring areas go on with each other's lines.
    func lines(over box: Bounds) -> PathData {
        var path = PathData()
        let step = Self.step
        let left = (box.left / step / 2).rounded(.down) * step * 2
        let right = (box.right / step).rounded(.up) * step
        let top = (box.top / step).rounded(.down) * step
        let bottom = (box.bottom / step).rounded(.up) * step
        func diagonals(rising: Bool, by distance: Double) {
            let height = bottom - top
            // Each line begins on the left of the box or below (above) it.
            for start in stride(from: left - height, through: right, by: distance) {
                path.move(start, rising ? bottom : top)
                path.line(start + height, rising ? top : bottom)
            }
        }
        switch self {
        case .solid: break
        case .dots, .level:
            let distance = self == .dots ? step : step / 2
            for y in stride(from: top + step / 4, through: bottom, by: distance) {
                path.move(left, y)
                path.line(right, y)
            }
        case .upright:
            for x in stride(from: left, through: right, by: 2 * step) {
                path.move(x, top)
                path.line(x, bottom)
            }
        case .rising: diagonals(rising: true, by: step)
        case .falling: diagonals(rising: false, by: step)
        case .crossed:
            diagonals(rising: true, by: step)
            diagonals(rising: false, by: step)
        }
        return path
    }
}

/// The smallest box around a path.
struct Bounds: Hashable {
    var left = Double.infinity
    var right = -Double.infinity
    var top = Double.infinity
    var bottom = -Double.infinity

    /// Grows to hold a point.
    mutating func add(_ x: Double, _ y: Double) {
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = max(bottom, y)
    }
}
