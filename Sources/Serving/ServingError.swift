import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a server cannot do its work.
package struct ServingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Hashable, Sendable {
        private enum Kind { case cannotListen }
        private let kind: Kind

        /// There is no socket to be had.
        package static let cannotListen = Code(kind: .cannotListen)
    }

    /// The kind of failure.
    package let code: Code

    /// What is wrong and what would help.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What the system says of a socket at an address, in words.
    static func words(for error: any Error, at url: String) -> any Error {
        guard let error = error as? IOError else { return error }
        let reason =
            switch error.errnoCode {
            case EADDRINUSE: "another program listens there; choose another with --port"
            case EACCES: "this user may not; ports below 1024 are the system's"
            case EADDRNOTAVAIL: "this machine does not have that address"
            default: "\(error)"
            }
        return ServingError(.cannotListen, "cannot listen at \(url): \(reason)")
    }
}
