import Foundation
import Testing

@testable import Tensors

/// A folder that is there for one test.
private struct Folder: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "quire-tensors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

private func expect(_ code: TensorError.Code, opening path: String) {
    let error = #expect(throws: TensorError.self) { _ = try MappedFile(path: path) }
    #expect(error?.code == code)
    #expect(error?.message.contains(path) == true)
}

@Test func `a file's bytes are read through the map`() throws {
    let folder = try Folder()
    let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try Data(content).write(to: folder.url.appending(path: "a"))
    let file = try MappedFile(path: folder.path("a"))
    #expect(file.count == 10_000)
    let bytes = file.bytes
    #expect(bytes.byteCount == 10_000)
    let same = (0..<10_000).allSatisfy {
        unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == content[$0]
    }
    #expect(same)
    for advice in [MappedFile.Advice.willNeed, .sequential, .random, .dontNeed] {
        file.advise(advice, 1..<9_999)
        file.advise(advice, 0..<0)
    }
    #expect(unsafe bytes.unsafeLoad(fromByteOffset: 9_999, as: UInt8.self) == content[9_999])
}

@Test func `only regular files with content are mapped`() throws {
    let folder = try Folder()
    expect(.fileNotFound, opening: folder.path("none"))
    expect(.fileNotFound, opening: folder.path("none/below"))
    expect(.notARegularFile, opening: folder.url.path)
    expect(.notARegularFile, opening: "/dev/null")
    expect(.notARegularFile, opening: "/dev/zero")
    try Data().write(to: folder.url.appending(path: "empty"))
    expect(.emptyFile, opening: folder.path("empty"))
    #if os(Linux)
        // A file of /proc claims to be empty.
        expect(.emptyFile, opening: "/proc/self/status")
    #endif
}

@Test func `a pipe is refused without waiting for a writer`() throws {
    let folder = try Folder()
    let path = folder.path("pipe")
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    expect(.notARegularFile, opening: path)
}

@Test func `a link to a file is followed, a loop of links is an error`() throws {
    let folder = try Folder()
    try Data([1, 2, 3]).write(to: folder.url.appending(path: "a"))
    try FileManager.default.createSymbolicLink(
        atPath: folder.path("link"), withDestinationPath: folder.path("a"))
    #expect(try MappedFile(path: folder.path("link")).count == 3)
    try FileManager.default.createSymbolicLink(
        atPath: folder.path("loop"), withDestinationPath: folder.path("loop"))
    expect(.fileUnreadable, opening: folder.path("loop"))
}

// The superuser may read everything.
@Test(.enabled(if: geteuid() != 0))
func `a file that may not be read is an error`() throws {
    let folder = try Folder()
    try Data([1]).write(to: folder.url.appending(path: "a"))
    try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: folder.path("a"))
    expect(.permissionDenied, opening: folder.path("a"))
}
