import QuireJSON

/// Calls whose arguments are between markers.
extension AnswerParser {
    mutating func readTagged(_ shape: CallFormat.ArgumentShape, _ calls: CallFormat) -> Bool {
        if call.tagged.isClosed { return readClose(calls) }
        switch call.tagged.place {
        case .between: return readBetween(shape, calls)
        case .key: return readKey(shape)
        case .value(let isString): return readValue(shape, isString)
        }
    }

    private mutating func readBetween(
        _ shape: CallFormat.ArgumentShape, _ calls: CallFormat
    ) -> Bool {
        var place = position
        while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
        guard place < buffer.count else { return false }
        var isPossible = false
        let markers = [shape.open, calls.close, shape.separator]
        for (index, marker) in markers.enumerated() {
            switch marker.match(buffer, at: place) {
            case .none: continue
            case .partial: isPossible = true
            case .full(let end):
                if index == 1 {
                    // The marker itself is the call's.
                    position = place
                    closeArguments()
                } else {
                    position = end
                    if index == 0 { call.tagged.place = .key }
                }
                return true
            }
        }
        if isPossible, !isFinal { return false }
        position = place
        closeArguments()
        return true
    }

    private mutating func closeArguments() {
        emit(.callArguments(call.tagged.closing))
        call.tagged.isClosed = true
    }

    private mutating func readKey(_ shape: CallFormat.ArgumentShape) -> Bool {
        var place = position
        while place < buffer.count {
            let string = shape.stringInfix.match(buffer, at: place)
            let other = shape.otherInfix.match(buffer, at: place)
            if !isFinal, string == .partial || other == .partial { return false }
            let isSame = shape.stringInfix == shape.otherInfix
            for (match, isString) in [(string, true), (other, false)] {
                guard case .full(let end) = match else { continue }
                call.tagged.key = Self.trimmed(buffer[position..<place])
                position = end
                beginValue(isSame ? nil : isString)
                return true
            }
            guard place - position < TemplateLimits.toolName else { break }
            place += 1
        }
        if place == buffer.count, !isFinal { return false }
        closeArguments()
        endCall()
        return true
    }

    private mutating func beginValue(_ told: Bool?) {
        let key = call.tagged.key
        let isString =
            told ?? TaggedArguments.isString(key, in: call.name.flatMap { schemas[$0] })
        call.tagged.place = .value(isString: isString)
        call.tagged.value = []
        call.tagged.hasBegun = false
        call.tagged.isOpen = false
        heldSpace = []
    }

    private mutating func readValue(
        _ shape: CallFormat.ArgumentShape, _ isString: Bool?
    ) -> Bool {
        let infix = isString == false ? shape.otherInfix : shape.stringInfix
        var close = isString == false ? shape.otherClose : shape.stringClose
        if !call.tagged.hasBegun {
            guard passPadding(infix.trailingSpace), passCharacterData() else { return false }
            call.tagged.hasBegun = true
        }
        if call.tagged.isCharacterData { close = Marker("]]>" + close.text) }
        var place = position
        while place < buffer.count {
            switch close.match(buffer, at: place) {
            case .none: place += 1
            case .partial where isFinal: place += 1
            case .partial:
                giveValue(upTo: place, isString)
                return false
            case .full(let end):
                giveValue(upTo: place, isString)
                endValue(isString, close.leadingSpace)
                position = end
                return true
            }
        }
        giveValue(upTo: place, isString)
        return false
    }

    /// Passes over the whitespace that the template has before values, as far as it is there.
    private mutating func passPadding(_ padding: [UInt8]) -> Bool {
        var passed = 0
        while passed < padding.count {
            guard position + passed < buffer.count else {
                if isFinal { break }
                return false
            }
            guard buffer[position + passed] == padding[passed] else { break }
            passed += 1
        }
        if passed == padding.count { position += passed }
        return true
    }

    /// Passes over `<![CDATA[`, behind which markup is text; false if more must come to tell.
    private mutating func passCharacterData() -> Bool {
        call.tagged.isCharacterData = false
        switch Marker("<![CDATA[").match(buffer, at: position) {
        case .none: return true
        case .partial: return isFinal
        case .full(let end):
            position = end
            call.tagged.isCharacterData = true
            return true
        }
    }

    /// Takes a part of a value; whitespace at its end may belong to the marker behind it.
    private mutating func giveValue(upTo end: Int, _ isString: Bool?) {
        guard isString == true else {
            call.tagged.value += buffer[position..<end]
            position = end
            return
        }
        var stop = end
        while stop > position, Marker.isSpace(buffer[stop - 1]) { stop -= 1 }
        if stop > position { tellString(heldSpace + buffer[position..<stop]) }
        if stop > position { heldSpace = [] }
        heldSpace += buffer[stop..<end]
        position = end
    }

    private mutating func tellString(_ bytes: [UInt8]) {
        if !call.tagged.isOpen {
            emit(.callArguments(call.tagged.opening() + "\""))
            call.tagged.isOpen = true
        }
        emit(.callArguments(TaggedArguments.escaped(String(decoding: bytes, as: UTF8.self))))
    }

    private mutating func endValue(_ isString: Bool?, _ padding: [UInt8]) {
        defer {
            heldSpace = []
            call.tagged.place = .between
        }
        if isString == true {
            tellString(Self.without(padding, heldSpace))
            emit(.callArguments("\""))
            return
        }
        let bytes = Self.without(padding, call.tagged.value)
        emit(.callArguments(call.tagged.opening()))
        emit(.callArguments(TaggedArguments.json(of: bytes, isString: isString)))
    }

    private static func without(_ padding: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        guard !padding.isEmpty, bytes.suffix(padding.count).elementsEqual(padding) else {
            return bytes
        }
        return Array(bytes.dropLast(padding.count))
    }
}
