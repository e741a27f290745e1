import Foundation
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The arguments of the command line.
enum Arguments {
    /// The arguments after the command's name. One that is not UTF-8 has to name a file.
    ///
    /// - Throws: `NotText` for any other that is not UTF-8.
    static func given() throws -> [String] {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // The language has put U+FFFD in the place of what is not UTF-8.
        guard arguments.contains(where: { $0.contains("\u{FFFD}") }),
            let bytes = try? StandardStreams.bytes(file: "/proc/self/cmdline")
        else { return arguments }
        return try list(bytes, isFile: isFile)
    }

    /// The arguments in the system's own form: each ends with a zero, the command's name first.
    static func list(_ bytes: [UInt8], isFile: (String) -> Bool) throws -> [String] {
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        return try parts.dropFirst().dropLast().enumerated().map { index, part in
            let argument = FileName.text(Array(part))
            guard FileName.isForeign(argument) else { return argument }
            // `--option=value`, or the value alone.
            let value =
                argument.hasPrefix("--")
                ? argument.split(separator: "=", maxSplits: 1).last ?? "" : argument[...]
            if isFile(String(value)) { return argument }
            return try TextInput.text(Array(part), of: "argument \(index + 1)", lossy: nil)
        }
    }

    private static func isFile(_ path: String) -> Bool {
        let descriptor = FileName.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == EACCES }
        close(descriptor)
        return true
    }
}
