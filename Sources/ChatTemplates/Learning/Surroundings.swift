/// What stands before, between and behind calls, divided into what belongs to each call and what
/// to all of them.
struct Surroundings {
    /// Before the first call, and what of it is before each.
    var sectionOpen: String
    var open: String
    /// Behind each call, and behind the last.
    var close: String
    var sectionClose: String
    var separator = ""
    /// What ends every answer, and what ends one that is text.
    var end: String
    private let endOfText: String
    /// Whether the template has written two calls.
    var isDivided = false

    /// Of a single call.
    ///
    /// - Parameter end: what ends an answer that is text.
    init(before: String, after: String, end: String) {
        sectionOpen = ""
        open = before
        endOfText = end
        self.end = Bytes.commonSuffix(end, after)
        close = after.dropping(suffix: self.end)
        sectionClose = ""
    }

    /// Divides them by what is between two calls.
    mutating func divide(between: String, after: String) {
        let before = open
        if Marker(end).isEmpty { end = Bytes.commonSuffix(endOfText, after) }
        let behind = after.dropping(suffix: end)
        let opening = Bytes.commonSuffix(before, between)
        let rest = between.dropping(suffix: opening)
        let closing = Bytes.commonPrefix(rest, behind)
        open = opening
        sectionOpen = before.dropping(suffix: opening)
        close = closing
        sectionClose = behind.dropping(prefix: closing)
        separator = rest.dropping(prefix: closing)
        isDivided = true
    }
}
