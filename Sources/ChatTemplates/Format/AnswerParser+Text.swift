/// Thoughts and text, up to the markers that end them.
extension AnswerParser {
    /// A marker that was found, or may be there once more has come.
    private enum Finding {
        case found(Int, at: Int, end: Int)
        case possible(at: Int)
        case nothing
    }

    /// Finds the first of some markers: of several at one place the longest.
    private func find(_ markers: [Marker]) -> Finding {
        var place = position
        while place < buffer.count {
            if let finding = look(for: markers, at: place) { return finding }
            place += 1
        }
        return .nothing
    }

    private func look(for markers: [Marker], at place: Int) -> Finding? {
        var best: (index: Int, end: Int)?
        for (index, marker) in markers.enumerated() {
            switch marker.match(buffer, at: place) {
            case .none: break
            case .partial:
                if !isFinal { return .possible(at: place) }
            case .full(let end):
                if best.map({ end > $0.end }) ?? true { best = (index, end) }
            }
        }
        return best.map { .found($0.index, at: place, end: $0.end) }
    }

    /// What comes first, or after a part: whitespace is of the template until text has begun.
    mutating func readOutside() -> Bool {
        var place = position
        while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
        guard place < buffer.count else {
            if isFinal {
                if !dropsSpace { heldSpace += buffer[position...] }
                position = place
            }
            return false
        }
        let none = Marker.none
        let markers = [
            format.reasoning?.open ?? none, format.reasoning?.close ?? none,
            format.content?.open ?? none, format.calls?.first ?? none, format.end,
        ]
        switch look(for: markers, at: place) {
        case .possible: return false
        case .found(let index, _, let end):
            passed = heldSpace + buffer[position..<end]
            position = end
            heldSpace = []
            hasBegun = true
            enter(index)
        case .nothing, nil:
            if !hasBegun, startsBareObject(place) {
                position = place
                beginCall()
            } else {
                // In a format of brackets only, text without them is text all the same.
                if dropsSpace { position = place }
                state = .text
            }
            hasBegun = true
            dropsSpace = false
        }
        return true
    }

    /// A part begins, by the place of its marker in the list of `readOutside`.
    private mutating func enter(_ index: Int) {
        dropsSpace = true
        switch index {
        case 0: state = .reasoning
        case 1: state = .outside
        case 2: state = .content
        case 3: enterCalls()
        default: state = .ended
        }
    }

    /// Behind the end, nothing is the answer's, but for what templates write as a second message.
    mutating func readEnded() -> Bool {
        var place = position
        while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
        guard place < buffer.count else { return false }
        let none = Marker.none
        let calls = format.calls
        switch look(for: [headerMarker, calls?.first ?? none, calls?.open ?? none], at: place) {
        case .possible: return false
        case .found(let index, _, let end):
            passed = Array(buffer[position..<end])
            position = end
            state = .outside
            dropsSpace = true
            if index == 1 { enterCalls() }
            if index == 2 { enterCall() }
            return true
        case .nothing, nil:
            position = buffer.count
            return false
        }
    }

    /// Calls that no marker announces are answers that begin as an object.
    private func startsBareObject(_ place: Int) -> Bool {
        guard let calls = format.calls, calls.first.isEmpty, case .object = calls.body else {
            return false
        }
        return buffer[place] == UInt8(ascii: "{")
    }

    mutating func readReasoning() -> Bool {
        guard let close = format.reasoning?.close else {
            state = .outside
            return true
        }
        return readUntil([close, format.end], as: { .reasoning($0) }) { parser, index in
            parser.state = index == 0 ? .outside : .ended
        }
    }

    mutating func readText() -> Bool {
        let none = Marker.none
        let markers = [
            format.calls?.first ?? none, format.reasoning?.open ?? none, format.end,
            format.content?.open ?? none,
            // Some templates write text between the calls and what ends them.
            hasCalled ? format.calls?.sectionClose ?? none : none,
        ]
        return readUntil(markers, as: { .text($0) }) { parser, index in
            switch index {
            case 0: parser.enterCalls()
            case 1: parser.state = .reasoning
            case 3: parser.state = .content
            default: parser.state = .ended
            }
        }
    }

    mutating func readContent() -> Bool {
        guard let close = format.content?.close else {
            state = .text
            return true
        }
        return readUntil([close, format.end], as: { .text($0) }) { parser, index in
            parser.state = index == 0 ? .outside : .ended
        }
    }

    /// Gives what comes before the first of some markers; whitespace beside the marker is its.
    private mutating func readUntil(
        _ markers: [Marker], as piece: (String) -> AnswerPiece,
        then next: (inout AnswerParser, Int) -> Void
    ) -> Bool {
        switch find(markers) {
        case .nothing:
            give(upTo: buffer.count, as: piece)
            return false
        case .possible(let place):
            give(upTo: place, as: piece)
            return false
        case .found(let index, let place, let end):
            give(upTo: place, as: piece)
            passed = heldSpace + buffer[place..<end]
            heldSpace = []
            position = end
            dropsSpace = true
            next(&self, index)
            return true
        }
    }

    private mutating func give(upTo end: Int, as piece: (String) -> AnswerPiece) {
        var start = position
        if dropsSpace {
            while start < end, Marker.isSpace(buffer[start]) { start += 1 }
            if start < end { dropsSpace = false }
        }
        var stop = end
        while stop > start, Marker.isSpace(buffer[stop - 1]) { stop -= 1 }
        if stop > start {
            let bytes = heldSpace + buffer[start..<stop]
            emit(piece(String(decoding: bytes, as: UTF8.self)))
            heldSpace = []
        }
        heldSpace += buffer[stop..<end]
        position = end
    }
}
