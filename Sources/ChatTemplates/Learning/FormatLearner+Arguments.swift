/// How the arguments of a call are written that are no JSON object.
struct ArgumentStyle {
    /// Between the tool's name and the first argument.
    var afterName = ""
    /// Between markers.
    var tagged: CallFormat.ArgumentShape?
    /// As in a program.
    var literal: CallFormat.LiteralShape?
}

extension FormatLearner {
    /// A call with three arguments, a string, a number and a string, in parts.
    struct ArgumentParts {
        /// What is between the name, and then keys and values in turns.
        var between: [String] = []
        /// What is behind the last value.
        var tail = ""
    }

    func argumentParts() -> ArgumentParts? {
        let needles = probe.needles
        guard let text = body(ofCalls: [3]) else { return nil }
        let bytes = Array(text.utf8)
        var places: [Range<Int>] = []
        let parts = [
            needles.names[0], needles.keys[0], needles.values[0], needles.keys[1],
            "\(needles.number)", needles.keys[2], needles.values[2],
        ]
        for part in parts {
            let from = places.last?.upperBound ?? 0
            guard let range = Bytes.find(part, in: bytes, from: from) else { return nil }
            places.append(range)
        }
        // The name may be written more than once.
        if let last = lastName(before: places[1].lowerBound, in: bytes) { places[0] = last }
        var found = ArgumentParts()
        for (left, right) in zip(places, places.dropFirst()) {
            found.between.append(Bytes.text(bytes, left.upperBound..<right.lowerBound))
        }
        found.tail = Bytes.text(bytes, places[6].upperBound..<bytes.count)
        return found
    }

    /// Arguments as in a program: strings are in quotes, other values are not.
    func literalShape() -> ArgumentStyle? {
        guard let parts = argumentParts() else { return nil }
        let infix = parts.between[3]
        let quote = parts.between[1].dropping(prefix: infix)
        let separator = parts.between[4]
        guard !Marker(infix).isEmpty, !Marker(quote).isEmpty, !Marker(separator).isEmpty,
            parts.between[1] == infix + quote, parts.between[2] == quote + separator,
            parts.tail.utf8.starts(with: quote.utf8)
        else { return nil }
        return ArgumentStyle(
            afterName: parts.between[0],
            literal: CallFormat.LiteralShape(
                infix: Marker(infix), quote: Marker(quote), separator: Marker(separator)))
    }

    /// How arguments between markers are written, and what stands between the name and the first.
    func argumentShape() -> ArgumentStyle? {
        guard let parts = argumentParts() else { return nil }
        func between(_ index: Int) -> String { parts.between[index] }
        let afterString = between(2)
        let afterOther = between(4)
        let open = Bytes.commonSuffix(
            Bytes.commonSuffix(between(0), afterString), afterOther)
        // `</a><b>` between a string and the next name: the bracket is what precedes `open`.
        let stringClose = Bytes.commonPrefix(afterString.dropping(suffix: open), parts.tail)
        guard let two = body(ofCalls: [2]),
            let number = Bytes.find("\(probe.needles.number)", in: Array(two.utf8))
        else { return nil }
        let twoBytes = Array(two.utf8)
        let otherClose = Bytes.commonPrefix(
            afterOther.dropping(suffix: open),
            Bytes.text(twoBytes, number.upperBound..<twoBytes.count))
        guard !Marker(stringClose).isEmpty, !Marker(otherClose).isEmpty else { return nil }
        let shape = CallFormat.ArgumentShape(
            open: Marker(open), stringInfix: Marker(between(1)), otherInfix: Marker(between(3)),
            stringClose: Marker(stringClose), otherClose: Marker(otherClose),
            separator: Marker(
                afterString.dropping(suffix: open).dropping(prefix: stringClose)))
        guard !shape.open.isEmpty, !shape.stringInfix.isEmpty, !shape.otherInfix.isEmpty else {
            return nil
        }
        return ArgumentStyle(afterName: between(0).dropping(suffix: open), tagged: shape)
    }

    private func lastName(before end: Int, in bytes: [UInt8]) -> Range<Int>? {
        var found: Range<Int>?
        var from = 0
        while let range = Bytes.find(probe.needles.names[0], in: bytes, from: from),
            range.upperBound <= end
        {
            found = range
            from = range.upperBound
        }
        return found
    }
}
