import Foundation
import Tensors
import TestSupport
import Testing

/// Copies of a mapped file's bytes.
struct MappedFileCopyingTests {
    private static let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }

    @Test func `a copy has the bytes of its range, after what was there`() throws {
        let folder = try TemporaryFolder()
        let file = try MappedFile(path: folder.write("file", Self.bytes))
        var copy: [UInt8] = [42]
        try file.copy(100..<9_000, appendingTo: &copy)
        #expect(copy == [42] + Self.bytes[100..<9_000])
        try file.copy(10_000..<10_000, appendingTo: &copy)
        #expect(copy.count == 8_901)
    }

    @Test func `a file that was truncated is an error, and the array as it was`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("file", Self.bytes)
        let file = try MappedFile(path: path)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 50)
        try handle.close()
        var copy: [UInt8] = [42]
        let error = #expect(throws: TensorError.self) {
            try file.copy(0..<10_000, appendingTo: &copy)
        }
        #expect(error?.code == .fileUnreadable)
        #expect(copy == [42])
        try file.copy(0..<50, appendingTo: &copy)
        #expect(copy.count == 51)
    }
}
