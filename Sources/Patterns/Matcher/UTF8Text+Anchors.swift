extension UTF8Text {
    /// Whether a place is what an anchor asks for.
    func holds(_ anchor: PatternAnchor, at position: Int) -> Bool {
        let isStart = position == range.lowerBound
        let isEnd = position == range.upperBound
        switch anchor {
        case .textStart: return isStart
        case .textEnd: return isEnd
        case .textEndOrLastBreak:
            return isEnd || position == range.upperBound - 1 && bytes[position] == 0x0A
        case .lineStart: return isStart || !isEnd && bytes[position - 1] == 0x0A
        case .lineEnd: return isEnd || bytes[position] == 0x0A
        case .boundary(let set): return isBoundary(of: set, position)
        case .noBoundary(let set): return !isBoundary(of: set, position)
        }
    }

    private func isBoundary(of set: ScalarSet, _ position: Int) -> Bool {
        let isBehind =
            position > range.lowerBound
            && set.contains(scalar(at: start(ofScalarBefore: position)).value)
        let isAhead = position < range.upperBound && set.contains(scalar(at: position).value)
        return isBehind != isAhead
    }
}
