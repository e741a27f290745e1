import Foundation
import Testing

@testable import Tensors

struct LostPagesTests {
    @Test func `a file that is truncated while it is mapped ends the process with a message`()
        async throws
    {
        let result = try await #require(
            processExitsWith: .exitCode(74), observing: [\.standardErrorContent]
        ) {
            MappedFile.reportLostPages()
            let path = FileManager.default.temporaryDirectory
                .appending(path: "lost-pages-\(ProcessInfo.processInfo.processIdentifier)")
            try Data(count: 1 << 16).write(to: path)
            let file = try MappedFile(path: path.path)
            try FileHandle(forWritingTo: path).truncate(atOffset: 0)
            try FileManager.default.removeItem(at: path)
            _ = unsafe file.bytes.unsafeLoad(fromByteOffset: 1 << 15, as: UInt8.self)
        }
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("truncated while it was in use"))
    }
}
