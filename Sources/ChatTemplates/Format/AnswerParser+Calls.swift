/// What a parser knows of the call that it is in.
struct CallReading: Hashable, Sendable {
    /// Where the call began in what has come, for giving it back as text.
    var raw: [UInt8] = []
    /// The tool's name and the call's id, as far as they are known.
    var name: String?
    var id: String?
    /// Whether the call was told.
    var isTold = false
    /// Arguments that wait for the name.
    var waiting = ""
    /// The part of the head that comes next.
    var part = 0
    /// How far a closing marker was looked for.
    var searched = 0
    /// A call that is an object.
    var object: ObjectCallReader?
    /// A call whose arguments are an object behind its head.
    var json: JSONArgumentReader?
    /// A call whose arguments are between markers.
    var tagged = TaggedArguments()
}

/// Calls: sections, heads and ends.
extension AnswerParser {
    /// The marker of the first call, or of the section, was read.
    mutating func enterCalls() {
        guard let calls = format.calls else { return }
        if calls.sectionOpen.isEmpty {
            enterCall()
        } else {
            sectionRaw = passed
            state = .section
        }
    }

    /// The marker of a call was read, which is the first part of its head.
    mutating func enterCall() {
        guard let calls = format.calls else { return }
        beginCall()
        call.raw = passed
        if case .object = calls.body {} else if !calls.open.isEmpty { call.part = 1 }
    }

    mutating func beginCall() {
        call = CallReading()
        if case .object(let shape, _)? = format.calls?.body {
            call.object = ObjectCallReader(shape)
        }
        state = .call
    }

    /// Before a call, between calls, or at the end of them.
    mutating func readSection() -> Bool {
        guard let calls = format.calls else {
            state = .outside
            return true
        }
        var place = position
        while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
        guard place < buffer.count else { return false }
        var isPossible = false
        for (index, marker) in [calls.open, calls.separator, calls.sectionClose].enumerated() {
            switch marker.match(buffer, at: place) {
            case .none: continue
            case .partial: isPossible = true
            case .full(let end):
                passed = Array(buffer[position..<end])
                position = end
                switch index {
                case 0: enterCall()
                case 1:
                    if !sectionRaw.isEmpty { sectionRaw += passed }
                default: state = .outside
                }
                return true
            }
        }
        if isPossible, !isFinal { return false }
        let isObject = if case .object = calls.body { true } else { false }
        if calls.open.isEmpty, !isObject || buffer[place] == UInt8(ascii: "{") {
            position = place
            beginCall()
            return true
        }
        giveSectionBack()
        dropsSpace = true
        state = .outside
        return true
    }

    private mutating func giveSectionBack() {
        emit(.text(String(decoding: sectionRaw, as: UTF8.self)))
        sectionRaw = []
    }

    mutating func readCall() -> Bool {
        guard let calls = format.calls else { return false }
        switch calls.body {
        case .object: return readObject(calls)
        case .json(let head):
            return call.part < head.count ? readHead(head) : readJSONArguments(calls)
        case .tagged(let head, let shape):
            return call.part < head.count ? readHead(head) : readTagged(shape, calls)
        case .literal(let head, let shape):
            return call.part < head.count ? readHead(head) : readLiteral(shape, calls)
        }
    }

    /// A fixed text of the head, or a name or an id up to the next fixed text.
    private mutating func readHead(_ head: [CallFormat.HeadPart]) -> Bool {
        switch head[call.part] {
        case .marker(let marker):
            var place = position
            while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
            switch marker.match(buffer, at: place) {
            case .none where place == buffer.count, .partial: return isFinal && giveBack()
            case .none: return giveBack()
            case .full(let end): pass(to: end)
            }
        case .name, .id, .number:
            switch readSlot(followers: format.calls?.followers(of: call.part, in: head) ?? []) {
            case .open: return isFinal && giveBack()
            case .none: return giveBack()
            case .found(let text, let end):
                if case .id = head[call.part] { call.id = text }
                if case .name = head[call.part] {
                    guard call.name == nil || call.name == text else { return giveBack() }
                    call.name = text
                }
                pass(to: end)
            }
        }
        call.part += 1
        if call.part == head.count { tellCall() }
        return true
    }

    /// What a name or an id is, in what has come.
    private enum Slot {
        case found(String, end: Int)
        /// More must come to tell.
        case open
        /// It is none.
        case none
    }

    /// Reads a name or an id: up to what may follow it, or to an object or a space.
    private func readSlot(followers: [Marker]) -> Slot {
        var start = position
        while start < buffer.count, Marker.isSpace(buffer[start]) { start += 1 }
        var place = start
        while place < buffer.count {
            var behind = place
            while behind < buffer.count, Marker.isSpace(buffer[behind]) { behind += 1 }
            let matches = followers.map { $0.match(buffer, at: behind) }
            let isAtSpace = behind > place
            let isObject = followers.isEmpty && buffer[place] == UInt8(ascii: "{")
            let isFollowed = matches.contains { if case .full = $0 { true } else { false } }
            if isFollowed || isObject || followers.isEmpty && isAtSpace {
                let text = Self.trimmed(buffer[start..<place])
                return text.isEmpty ? .none : .found(text, end: place)
            }
            if !isFinal, matches.contains(.partial) || isAtSpace && behind == buffer.count {
                return .open
            }
            guard !isAtSpace, place - start < TemplateLimits.toolName else { return .none }
            place += 1
        }
        return .open
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.firstIndex { !Marker.isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !Marker.isSpace($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// Reads on, remembering what was read for the case that it is no call.
    mutating func pass(to end: Int) {
        if !call.isTold { call.raw += buffer[position..<end] }
        position = end
    }

    /// The name is known, and the call certain.
    mutating func tellCall() {
        guard !call.isTold, let name = call.name else { return }
        emit(.callBegan(id: call.id, name: name))
        emit(.callArguments(call.waiting))
        call.isTold = true
        hasCalled = true
        call.raw = []
        sectionRaw = []
        call.waiting = ""
    }

    mutating func tell(_ arguments: String) {
        if call.isTold { emit(.callArguments(arguments)) } else { call.waiting += arguments }
    }

    /// It is no call: what seemed to be one is text.
    mutating func giveBack() -> Bool {
        giveSectionBack()
        emit(.text(String(decoding: call.raw, as: UTF8.self)))
        call = CallReading()
        state = .text
        dropsSpace = false
        return true
    }

    /// The call is complete but for its closing marker.
    mutating func endCall() {
        emit(.callEnded)
        call = CallReading()
        dropsSpace = true
        state = .section
    }

    /// The marker behind a call, if it is there; models forget it before the end.
    mutating func readClose(_ calls: CallFormat) -> Bool {
        guard !calls.close.isEmpty else {
            endCall()
            return true
        }
        var place = position
        while place < buffer.count, Marker.isSpace(buffer[place]) { place += 1 }
        switch calls.close.match(buffer, at: place) {
        case .full(let end): position = end
        case .partial, .none:
            if !isFinal, place == buffer.count || calls.close.match(buffer, at: place) == .partial {
                return false
            }
        }
        endCall()
        return true
    }

    /// The answer ended inside of a call: what was told is closed, what was not is text.
    mutating func finishCall() {
        guard state == .call else { return }
        guard call.isTold else {
            call.raw += buffer[position...]
            position = buffer.count
            _ = giveBack()
            return
        }
        emit(.callArguments(closing()))
        emit(.callEnded)
        state = .ended
    }

    private func closing() -> String {
        if let object = call.object { return object.closing }
        if let json = call.json { return json.closing }
        return call.tagged.closing
    }
}
