/// The bounds of the prompt.
enum LineEditorLimits {
    /// Bytes of one paste: of a longer one, the terminal's end mark never having come, the first
    /// half is dropped.
    static let pasteBytes = 16 << 20
    /// Characters of one prompt: more are refused with the bell.
    static let characters = 4 << 20
    /// Parameter bytes of an escape sequence: more than any has.
    static let sequenceBytes = 16
    /// Bytes that are read from the terminal at once: what it keeps for us at most.
    static let readBytes = 4096
    /// Bytes that come at once from here on are rather pasted than typed.
    static let typedBytes = 64
    /// The time within which the rest of a paste arrives, if there is more of it.
    static let drainTime = Duration.milliseconds(5)
    /// The time after which ESC was the key and not the beginning of another.
    static let escapeTime = Duration.milliseconds(50)
    /// The time in which a process that stops has stopped; it goes on after it if it has not.
    static let stopTime = Duration.milliseconds(250)
    /// Prompts that the history keeps.
    static let historyEntries = 1000
    /// Bytes of the history's file.
    static let historyBytes = 1 << 20
    /// Bytes of a prompt that the file keeps: a longer one is in the history of its session only.
    static let historyEntryBytes = 64 << 10
    /// Times that the history's file is tried while another session writes it.
    static let historyAttempts = 20
    /// Columns between two tab stops.
    static let tabColumns = 8
}
