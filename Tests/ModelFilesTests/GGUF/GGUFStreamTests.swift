import Foundation
import ModelFiles
import Synchronization
import TestSupport
import Testing

/// Files whose tensors are made while they are written.
struct GGUFStreamTests {
    private func writer(
        parts: Int = 3,
        _ change: @escaping @Sendable (Int) throws(ModelFileError) -> Void = { _ in }
    ) -> GGUFWriter {
        var writer = GGUFWriter()
        writer.add("general.name", text: "streamed")
        writer.addTensor(
            "made", dimensions: [5 * parts], formatID: 24, byteCount: 5 * parts
        ) { (sink) throws(ModelFileError) in
            for part in 0..<parts {
                try change(part)
                try sink([UInt8](repeating: UInt8(part), count: 5))
            }
        }
        writer.addTensor("given", dimensions: [2], floats: [1, 2])
        return writer
    }

    @Test func `parts lie one after another, and progress comes to the file's size`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.gguf")
        let writer = self.writer()
        let last = Mutex(0)
        try writer.write(to: path) { written in last.withLock { $0 = written } }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(bytes == writer.bytes() && bytes.count == writer.byteCount)
        #expect(last.withLock { $0 } == bytes.count)
        let file = try GGUFFile.open(path)
        let made = try #require(file.tensor(named: "made"))
        #expect(made.byteCount == 15)
        #expect(Array(bytes[made.range]) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
        #expect(try file.floats("given") == [1, 2])
    }

    @Test func `what fails or is stopped leaves what was there, and nothing else`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("m.gguf", [1, 2, 3])
        let failing = writer { (part) throws(ModelFileError) in
            guard part < 2 else { throw ModelFileError(.unreadable, path: "source", "is gone") }
        }
        let fault = #expect(throws: ModelFileError.self) { try failing.write(to: path) }
        #expect(fault?.code == .unreadable)
        let stopped = #expect(throws: ModelFileError.self) {
            try writer().write(to: path) { (written) throws(ModelFileError) in
                if written > 100 { throw ModelFileError(.cancelled, path: path, "stopped") }
            }
        }
        #expect(stopped?.code == .cancelled)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.gguf"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
    }

    @Test func `two processes do not write one file at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.gguf")
        let inner = Mutex<ModelFileError?>(nil)
        let other = writer()
        try writer { (_) throws(ModelFileError) in
            do throws(ModelFileError) {
                try other.write(to: path)
            } catch {
                inner.withLock { $0 = error }
            }
        }.write(to: path)
        #expect(inner.withLock { $0?.code } == .notWritable)
        #expect(try GGUFFile.open(path).tensors.count == 2)
    }
}
