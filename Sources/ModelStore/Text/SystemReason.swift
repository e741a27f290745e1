import Foundation

/// Why the system refused something, in its own words: what Foundation prints of its errors is for
/// programmers.
package enum SystemReason {
    /// The reason, such as `Permission denied`.
    package static func text(_ error: any Error) -> String {
        if let number = number(of: error) {
            let named = NSError(domain: NSPOSIXErrorDomain, code: Int(number))
            return named.localizedFailureReason ?? named.localizedDescription
        }
        let system = error as NSError
        guard system.domain.hasPrefix("NS") else {
            return ForeignText.message(String(describing: error))
        }
        return "the system gives no reason (code \(system.code))"
    }

    /// The number of the system's error, where there is one behind Foundation's.
    package static func number(of error: any Error) -> Int32? {
        if let error = error as? POSIXError { return error.code.rawValue }
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return Int32(exactly: error.code) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error {
            return number(of: cause)
        }
        guard error.domain == NSCocoaErrorDomain else { return nil }
        return numbers[CocoaError.Code(rawValue: error.code)]?.rawValue
    }

    /// Foundation's codes that come without a number.
    private static let numbers: [CocoaError.Code: POSIXErrorCode] = [
        .fileNoSuchFile: .ENOENT, .fileReadNoSuchFile: .ENOENT,
        .fileReadNoPermission: .EACCES, .fileWriteNoPermission: .EACCES,
        .fileWriteFileExists: .EEXIST, .fileWriteOutOfSpace: .ENOSPC,
        .fileWriteVolumeReadOnly: .EROFS, .fileReadInvalidFileName: .EINVAL,
        .fileWriteInvalidFileName: .EINVAL, .fileReadTooLarge: .EFBIG,
    ]
}
