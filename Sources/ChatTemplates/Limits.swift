/// Every bound on what a template may ask for: templates come with models that strangers made.
///
/// The steps and the characters of one rendering are bounded together with the sizes of single
/// values, so that neither loops nor repeated doubling take unbounded time or memory.
package enum TemplateLimits {
    /// Characters of a template's source.
    package static let sourceCharacters = 1 << 20

    /// Expressions and statements, one inside the other, in a source.
    package static let syntaxDepth = 100

    /// Evaluations that are open at once, one inside the other, macro calls included: an optimised
    /// build needs half a megabyte of stack for them, the least that a thread has anywhere.
    package static let callDepth = 200

    /// Values that a value may hold, one inside the other, where it is written or compared.
    package static let valueDepth = 200

    /// Evaluations, and elements that operations pass over, in one rendering.
    package static let steps = 4_000_000

    /// Characters that all operations of one rendering together may make or pass over.
    package static let work = 64 << 20

    /// Characters of one text, of the output too.
    package static let textCharacters = 8 << 20

    /// Elements of one list or dictionary.
    package static let elements = 1 << 20

    /// Elements of a range, as Jinja's sandbox has it.
    package static let range = 100_000

    /// Digits after the point, and the width, that a format may ask for.
    package static let formatWidth = 10_000

    /// Conversations that are written and read back before calls of tools count as understood.
    static let checkedConversations = 40

    /// Bytes of the name of a tool or of an argument.
    static let toolName = 256

    /// Bytes of the head of a message within an answer.
    static let headBytes = 512

    /// Bytes of a number or a word in the arguments of a call.
    static let numberBytes = 1_024
}
