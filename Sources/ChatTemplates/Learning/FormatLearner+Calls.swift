import QuireJSON

/// Calls of tools: how one is written, and what stands around and between several.
extension FormatLearner {
    /// Where a call is in the text of an answer.
    struct CallPlace {
        /// The object, or from the first of name and id to the end of the last argument.
        var range: Range<Int>
        /// The object's shape; nil: name and arguments are among markers.
        var shape: CallFormat.ObjectShape?
        /// The arguments, where they are an object behind a name.
        var json: Range<Int>?
    }

    mutating func learnCalls() {
        guard let form = formOfCalls() else {
            learned.callsFailure = "the template does not write calls of tools"
            return
        }
        probe.form = form
        learned.form = form
        guard let one = body(ofCalls: [2]), let place = self.place(of: 0, in: one) else {
            learned.callsFailure = "a call is neither JSON nor between markers"
            return
        }
        guard let format = format(one, place) else {
            learned.callsFailure = "what stands around calls was not understood"
            return
        }
        learned.format.calls = format
    }

    /// An answer that only calls, with so many arguments in each call; what its prompt begins with
    /// and empty thoughts are left out.
    func body(ofCalls counts: [Int], content: Bool = false) -> String? {
        let calls = counts.enumerated().map { probe.needles.call($0, arguments: $1) }
        return probe.body(
            [probe.answer(content: content, calls: calls)], tools: probe.needles.tools
        )
        .map { $0.dropping(prefix: learned.format.header) }
    }

    /// In what form the template writes a call with all its parts.
    private func formOfCalls() -> ContextForm? {
        for idsNameTools in [false, true] {
            for isText in [false, true] {
                // `none` first: some templates write an empty message beside the calls for "".
                for isNone in [true, false] {
                    var other = self
                    other.probe.form.emptyContentIsNone = isNone
                    other.probe.form.argumentsAreText = isText
                    other.probe.form.idsNameTools = idsNameTools
                    if other.writesCalls() { return other.probe.form }
                }
            }
        }
        return nil
    }

    private func writesCalls() -> Bool {
        guard let body = body(ofCalls: [2]) else { return false }
        let bytes = Array(body.utf8)
        let needles = probe.needles
        let parts = [needles.names[0], needles.keys[0], needles.values[0], "\(needles.number)"]
        guard parts.allSatisfy({ Bytes.find($0, in: bytes) != nil }) else { return false }
        guard !["None", "null", "none"].contains(where: { Bytes.find($0, in: bytes) != nil }) else {
            return false
        }
        return place(of: 0, in: body) != nil
    }

    /// Where a call is.
    func place(of index: Int, in body: String, arguments count: Int = 2) -> CallPlace? {
        let bytes = Array(body.utf8)
        let needles = probe.needles
        guard let name = Bytes.find(needles.names[index], in: bytes) else { return nil }
        let call = needles.call(index, arguments: count)
        if let object = ObjectFinder(call: call, name: needles.names[index], bytes: bytes).find() {
            return object
        }
        let id = Bytes.find(needles.ids[index], in: bytes)
        let start = min(name.lowerBound, id?.lowerBound ?? name.lowerBound)
        if let json = ObjectFinder.arguments(call.arguments, in: bytes, from: name.upperBound) {
            return CallPlace(range: start..<json.upperBound, json: json)
        }
        let last = count == 2 ? "\(needles.number)" : needles.values[index]
        guard let value = Bytes.find(last, in: bytes, from: name.upperBound) else { return nil }
        return CallPlace(range: start..<value.upperBound)
    }

    private mutating func format(_ one: String, _ place: CallPlace) -> CallFormat? {
        let bytes = Array(one.utf8)
        guard let head = head(bytes, place) else { return nil }
        var style = ArgumentStyle()
        if place.shape == nil, place.json == nil {
            guard let found = argumentShape() ?? literalShape() else { return nil }
            style = found
        }
        let close = style.tagged?.otherClose.text ?? ""
        let before = withoutReasoning(Bytes.text(bytes, 0..<place.range.lowerBound))
        let after = Bytes.text(bytes, place.range.upperBound..<bytes.count)
            .dropping(prefix: close)
        var around = Surroundings(before: before, after: after, end: endOfText)
        if let two = body(ofCalls: [2, 1]), let first = self.place(of: 0, in: two),
            let second = self.place(of: 1, in: two, arguments: 1)
        {
            let bytes = Array(two.utf8)
            guard first.range.upperBound <= second.range.lowerBound else { return nil }
            let between = Bytes.text(bytes, first.range.upperBound..<second.range.lowerBound)
                .dropping(prefix: close)
            let last = style.tagged?.stringClose.text ?? style.literal?.quote.text ?? ""
            around.divide(
                between: between,
                after: Bytes.text(bytes, second.range.upperBound..<bytes.count)
                    .dropping(prefix: last))
        }
        learnedEnd(around.end)
        var format = CallFormat(body: body(place, head, style, around.open))
        format.sectionOpen = Marker(around.sectionOpen)
        format.sectionClose = Marker(around.sectionClose)
        format.separator = Marker(around.separator)
        format.close = Marker(around.close)
        format.allowsSeveral = around.isDivided
        format.keepsIDs =
            !probe.form.idsNameTools && Bytes.find(probe.needles.ids[0], in: bytes) != nil
        return format
    }

    /// What follows text at the end of an answer.
    private var endOfText: String { learned.format.end.text }

    /// What ends answers of text and answers of calls alike is the end; the rest of what follows
    /// bracketed text is the bracket.
    private mutating func learnedEnd(_ end: String) {
        guard !Marker(end).isEmpty else { return }
        let whole = endOfText
        learned.format.end = Marker(end)
        if learned.format.content != nil {
            learned.format.content?.close = Marker(whole.dropping(suffix: end))
        }
    }

    private func body(
        _ place: CallPlace, _ head: [CallFormat.HeadPart], _ style: ArgumentStyle, _ open: String
    ) -> CallFormat.Body {
        if let shape = place.shape { return .object(shape, open: Marker(open)) }
        let start = Marker(open)
        var parts = head
        if !start.isEmpty { parts.insert(.marker(start), at: 0) }
        if !Marker(style.afterName).isEmpty { parts.append(.marker(Marker(style.afterName))) }
        if let tagged = style.tagged { return .tagged(parts, tagged) }
        if let literal = style.literal { return .literal(parts, literal) }
        return .json(parts)
    }

    /// The names, ids and markers from the first of them up to the arguments; of arguments between
    /// markers, up to the last name.
    private func head(_ bytes: [UInt8], _ place: CallPlace) -> [CallFormat.HeadPart]? {
        guard place.shape == nil else { return [] }
        let needles = probe.needles
        let end =
            place.json?.lowerBound
            ?? Bytes.find(needles.keys[0], in: bytes, from: place.range.lowerBound)?.lowerBound
        guard let end else { return nil }
        var slots: [(Range<Int>, CallFormat.HeadPart)] = []
        for (needle, part) in [
            (needles.names[0], CallFormat.HeadPart.name), (needles.ids[0], .id),
        ] {
            var from = place.range.lowerBound
            while let range = Bytes.find(needle, in: bytes, from: from), range.upperBound <= end {
                slots.append((range, part))
                from = range.upperBound
            }
        }
        slots.sort { $0.0.lowerBound < $1.0.lowerBound }
        var parts: [CallFormat.HeadPart] = []
        for (index, (range, part)) in slots.enumerated() {
            parts.append(part)
            let next = index + 1 < slots.count ? slots[index + 1].0.lowerBound : nil
            guard let next = next ?? place.json?.lowerBound else { continue }
            var text = Bytes.text(bytes, range.upperBound..<next)
            if probe.form.idsNameTools, text.hasPrefix(":0") {
                parts += [.marker(Marker(":")), .number]
                text = text.dropping(prefix: ":0")
            }
            if !Marker(text).isEmpty { parts.append(.marker(Marker(text))) }
        }
        return parts
    }
}
