import Foundation
import TestSupport
import Testing

@testable import Tensors

struct LockedFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Pages in one part, in a few and in very many.
    @Test(arguments: [1, 4, 2048])
    func `bytes and pages come back from where they were written`(_ layers: Int) throws {
        let file = try LockedFile(path: folder.path("a"))
        #expect(try file.byteCount() == 0)
        let arena = try KVArena(
            pages: 3, pageBytes: 4096, layers: layers, stride: 4096 / layers + 2, element: .f16)
        var random = SeededGenerator(seed: 3)
        let page = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) }
        arena.setBytes(page, page: 1)
        try file.write([1, 2, 3, 4], at: 10)
        try file.writePage(1, of: arena, at: 100)
        #expect(try file.byteCount() == 4196)
        #expect(try file.read(4096, at: 100) == page)
        #expect(try file.read(6, at: 8) == [0, 0, 1, 2, 3, 4])
        let before = arena.checksum(page: 1)
        try file.readPage(2, of: arena, at: 100)
        #expect(arena.checksum(page: 2) == before && arena.bytes(page: 2) == page)
        try file.truncate(to: 12)
        #expect(try file.read(2, at: 10) == [1, 2])
        #expect(throws: TensorError.self) { try file.read(3, at: 10) }
        #expect(throws: TensorError.self) { try file.readPage(0, of: arena, at: 0) }
    }

    @Test func `only its owner may read the file`() throws {
        let path = folder.path("a")
        _ = try LockedFile(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
    }

    @Test func `a file has one owner at a time`() throws {
        let path = folder.path("a")
        var first: LockedFile? = try LockedFile(path: path)
        try first?.write([1], at: 0)
        expect(.fileInUse, opening: path)
        first = nil
        #expect(try LockedFile(path: path).read(1, at: 0) == [1])
    }

    @Test func `what is no file of one's own is refused`() throws {
        expect(.notARegularFile, opening: folder.path)
        expect(.fileNotFound, opening: folder.path("missing/a"))
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: folder.path("elsewhere"))
        expect(.notARegularFile, opening: link)
        #expect(!FileManager.default.fileExists(atPath: folder.path("elsewhere")))
    }

    private func expect(_ code: TensorError.Code, opening path: String) {
        let error = #expect(throws: TensorError.self) { _ = try LockedFile(path: path) }
        #expect(error?.code == code)
        #expect(error?.message.contains(path) == true)
    }
}
