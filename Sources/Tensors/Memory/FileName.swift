#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The names of files that are not UTF-8, in the strings that name files.
///
/// To the system a name is bytes. Each byte that is not UTF-8 is a character of its own here, one
/// of the last of a private plane, and becomes the byte again where a file is opened. A name that
/// holds such characters itself has their bytes kept in the same way, so that nothing is taken for
/// anything else.
package enum FileName {
    private static let firstMark: UInt32 = 0x10_FF00
    private static let marks: ClosedRange<UInt32> = 0x10_FF80...0x10_FFFF

    /// The string for a name's bytes.
    package static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            var invalid = rest.endIndex..<rest.endIndex
            do throws(UTF8.ValidationError) {
                _ = try UTF8Span(validating: rest.span)
            } catch {
                let range = error.byteOffsets
                invalid = rest.startIndex + range.lowerBound..<rest.startIndex + range.upperBound
            }
            let valid = String(decoding: rest[..<invalid.lowerBound], as: UTF8.self)
            for scalar in valid.unicodeScalars {
                if marks.contains(scalar.value) {
                    for byte in String(scalar).utf8 { text.unicodeScalars.append(mark(byte)) }
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
            for byte in rest[invalid] { text.unicodeScalars.append(mark(byte)) }
            rest = rest[invalid.upperBound...]
        }
        return text
    }

    /// The name's bytes.
    package static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = byte(scalar) { bytes.append(byte) } else { bytes += String(scalar).utf8 }
        }
        return bytes
    }

    /// Whether the name holds bytes that are not UTF-8.
    package static func isForeign(_ text: String) -> Bool {
        text.unicodeScalars.contains { marks.contains($0.value) }
    }

    /// The byte that a character stands for; nil for all others.
    static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        marks.contains(scalar.value) ? UInt8(scalar.value - firstMark) : nil
    }

    /// The name with a final zero, as the system's calls take it.
    static func terminated(_ text: String) -> [CChar] {
        bytes(text).map { CChar(bitPattern: $0) } + [0]
    }

    /// Opens a file; negative, with `errno` set, where that fails.
    package static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) -> Int32 {
        // The module's name: `open` is this function.
        #if canImport(Glibc)
            unsafe Glibc.open(terminated(path), flags, mode_t(mode))
        #else
            unsafe Darwin.open(terminated(path), flags, mode_t(mode))
        #endif
    }

    private static func mark(_ byte: UInt8) -> Unicode.Scalar {
        // Below 0x110000 and no surrogate: there is such a scalar.
        Unicode.Scalar(firstMark + UInt32(byte)) ?? "\u{FFFD}"
    }
}
