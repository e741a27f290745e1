package import QuireJSON

/// How the events of a stream are told apart on the wire.
package enum EventFraming: Hashable, Sendable {
    /// Server-sent events: `data: ...` and an empty line, after `event: name` where an event has a
    /// name.
    case serverSentEvents
    /// A line for each, as Ollama has it.
    case lines

    /// The media type of a stream.
    package var contentType: String {
        switch self {
        case .serverSentEvents: "text/event-stream; charset=utf-8"
        case .lines: "application/x-ndjson"
        }
    }
}

/// Writes events into the bytes of a stream.
package struct EventWriter: Sendable {
    /// What was written and not taken.
    package private(set) var bytes: [UInt8] = []

    private let framing: EventFraming

    /// A writer without events.
    package init(_ framing: EventFraming) { self.framing = framing }

    /// Writes an event.
    ///
    /// - Parameters:
    ///   - name: its name, which lines have no place for.
    ///   - write: writes its one value.
    package mutating func event(_ name: String? = nil, _ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        // Compact JSON has no line ends, so that a value is one line in any framing.
        frame(name, json.bytes)
    }

    /// Writes events whose objects are written already.
    package mutating func events(_ objects: [[UInt8]]) {
        for object in objects { frame(nil, object) }
    }

    /// Writes events of a dialect that names them.
    package mutating func events(_ events: [DialectEvent]) {
        for event in events { self.event(event.name) { $0.value(event.body) } }
    }

    /// Writes the word after the last event that OpenAI's streams end with.
    package mutating func done() { frame(nil, Array("[DONE]".utf8)) }

    /// Takes what was written.
    package mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func frame(_ name: String?, _ data: [UInt8]) {
        guard framing == .serverSentEvents else {
            bytes += data
            bytes.append(0x0A)
            return
        }
        if let name { bytes += "event: \(name)\n".utf8 }
        bytes += "data: ".utf8
        bytes += data
        bytes += "\n\n".utf8
    }
}
