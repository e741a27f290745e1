import Synchronization

/// How far a download is, drawn over itself on a terminal: share, bytes, rate, time left.
final class ProgressLine: Sendable {
    private struct State {
        var began: ContinuousClock.Instant?
        var receivedAtStart = 0
        var lastDrawn: ContinuousClock.Instant?
        var isDrawn = false
    }

    private let isTerminal: Bool
    private let state = Mutex(State())

    /// - Parameter isTerminal: whether stderr can be drawn over; if not, nothing is drawn.
    init(isTerminal: Bool = Terminal.stderrIsTerminal) {
        self.isTerminal = isTerminal
    }

    /// Draws the line, at most ten times a second.
    func update(received: Int, total: Int?) {
        guard isTerminal else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if state.began == nil || received < state.receivedAtStart {
                state.began = now
                state.receivedAtStart = received
            }
            if let last = state.lastDrawn, received < total ?? .max, now - last < .milliseconds(100)
            {
                return
            }
            state.lastDrawn = now
            state.isDrawn = true
            let seconds = state.began.map { (now - $0) / .seconds(1) } ?? 0
            let rate = seconds > 0.2 ? Double(received - state.receivedAtStart) / seconds : 0
            let text = Self.text(
                received: received, total: total, rate: rate, width: Terminal.width)
            Terminal.write("\r\u{1B}[K" + text)
        }
    }

    /// Writes a line of its own, above the progress.
    func note(_ message: String) {
        clear()
        Terminal.note(message)
    }

    /// Takes the line away.
    func clear() {
        state.withLock { state in
            guard state.isDrawn else { return }
            state.isDrawn = false
            state.began = nil
            state.lastDrawn = nil
            Terminal.write("\r\u{1B}[K")
        }
    }

    /// The line: `[#####.....]  48%  121.4 MB of 253.1 MB  11.2 MB/s  12 s left`.
    /// Without a total there is neither a bar nor a time left.
    static func text(received: Int, total: Int?, rate: Double, width: Int) -> String {
        guard let total else {
            let pace = rate > 0 ? "  \(Sizes.bytes(Int(rate)))/s" : ""
            return String("\(Sizes.bytes(received))\(pace)".prefix(width - 1))
        }
        let share = total > 0 ? min(Double(received) / Double(total), 1) : 1
        var text = "  \(Int(share * 100))%  \(Sizes.bytes(received)) of \(Sizes.bytes(total))"
        if rate > 0 {
            text += "  \(Sizes.bytes(Int(rate)))/s"
            let left = Double(total - received) / rate
            if left < 360_000 { text += "  \(duration(left)) left" }
        }
        return bar(share: share, text: text, width: width)
    }

    /// A bar before a text that begins with two spaces, as long as there is room.
    static func bar(share: Double, text: String, width: Int) -> String {
        let room = min(width - text.count - 3, 40)
        guard room >= 8 else { return String(text.dropFirst(2).prefix(width - 1)) }
        let filled = Int(Double(room) * share)
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: room - filled) + "]" + text
    }

    /// Seconds, minutes or hours, whole ones.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return "\(whole / 3600) h"
    }
}
