import Foundation
import TestSupport
import Testing

@testable import QuireKit

/// Where the built-in model is looked for, from builds and from installed archives.
struct DemoPlaceTests {
    /// Makes an empty file, and the folders that it is in.
    private func make(_ name: String, in folder: TemporaryFolder) throws -> URL {
        let file = URL(fileURLWithPath: folder.path(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: file)
        return file
    }

    private func path(of program: URL) throws -> String {
        let path = try ModelLocation.demoPath(of: program)
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    @Test func `an installed program finds the demo model below its prefix`() throws {
        let folder = try TemporaryFolder()
        let program = try make("prefix/bin/quire", in: folder)
        let demo = try make("prefix/share/quire/demo.gguf", in: folder)
        #expect(try path(of: program) == demo.resolvingSymlinksInPath().path)
        // Package managers link programs from a folder of the search path.
        let link = try make("elsewhere/bin/other", in: folder)
            .deletingLastPathComponent().appendingPathComponent("quire")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
        #expect(try path(of: link) == demo.resolvingSymlinksInPath().path)
    }

    @Test func `a built program takes the demo model beside it first`() throws {
        let folder = try TemporaryFolder()
        let program = try make("build/release/quire", in: folder)
        _ = try make("build/share/quire/demo.gguf", in: folder)
        let demo = try make(
            "build/release/quire_QuireKit.resources/Resources/demo.gguf", in: folder)
        #expect(try path(of: program) == demo.resolvingSymlinksInPath().path)
    }

    @Test func `a program without the demo model says where it was looked for`() throws {
        let folder = try TemporaryFolder()
        let program = try make("prefix/bin/quire", in: folder)
        let error = #expect(throws: LoadError.self) { try path(of: program) }
        #expect("\(try #require(error))".contains("prefix/bin"))
    }
}
