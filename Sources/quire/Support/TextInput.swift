import ArgumentParser

/// Bytes that are meant to be text.
enum TextInput {
    /// The text of UTF-8 bytes.
    ///
    /// - Parameters:
    ///   - source: the name of where they are from.
    ///   - lossy: whether bytes that are not UTF-8 become U+FFFD; nil for an input that has no such
    ///     option.
    /// - Throws: `NotText` with the place of the first byte that is not UTF-8.
    static func text(_ bytes: [UInt8], of source: String, lossy: Bool?) throws -> String {
        guard lossy != true else { return String(decoding: bytes, as: UTF8.self) }
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            let offset = error.byteOffsets.lowerBound
            throw NotText(
                source: source, offset: offset, byte: bytes[offset], canBeLossy: lossy != nil)
        }
    }
}

/// Bytes that are not UTF-8 where text was expected.
struct NotText: Error, CustomStringConvertible {
    let source: String
    let offset: Int
    let byte: UInt8
    let canBeLossy: Bool

    var description: String {
        let remedy = canBeLossy ? ", or give --lossy to have U+FFFD in the place of such bytes" : ""
        let digits = String(byte, radix: 16, uppercase: true)
        return "\(Terminal.plain(source)) is not UTF-8: there is a byte 0x\(digits) at offset "
            + "\(offset); convert it first, such as with iconv\(remedy)"
    }
}

/// The options of commands that read text.
struct TextOptions: ParsableArguments {
    @Flag(name: .long, help: "Replace bytes that are not UTF-8 by U+FFFD instead of refusing them.")
    var lossy = false
}
