/// A key that a person pressed, or a text that the terminal pasted.
enum Key: Hashable {
    case character(Character)
    /// What stood between the terminal's marks of a paste, however many lines.
    case paste(String)
    case enter
    /// A line break in the text, where Enter would end it.
    case newline
    case backspace
    case delete
    /// Ctrl-D: deletes, and ends the input on an empty line.
    case deleteOrEnd
    case left
    case right
    case wordLeft
    case wordRight
    case up
    case down
    case home
    case end
    case killLine
    case killToEnd
    /// Ctrl-W: back to the last space.
    case killBlankWord
    /// Alt-Backspace: back to where the word begins.
    case killWordLeft
    case killWordRight
    case yank
    case search
    case searchForward
    case clearScreen
    case suspend
    case interrupt
    case abort
    case escape
}
