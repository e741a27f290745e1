import Foundation
import NIOHTTP1
import Testing

@testable import ModelStore

/// What people read when the system, a server or a program refuses.
@Suite(.timeLimit(.minutes(20)))
struct MessageTests {
    /// Neither Foundation's own print of an error nor anything that a terminal obeys.
    private func expectPlain(_ error: ModelStoreError?, mentions reason: String) {
        let message = error?.message ?? ""
        #expect(message.contains(reason), "\(message)")
        for word in ["NSCocoa", "Error Domain", "NSPOSIX", "UserInfo", "\u{1B}", "\u{7}"] {
            #expect(!message.contains(word), "\(message)")
        }
    }

    @Test func `a store whose folder cannot be made says the system's reason`() async throws {
        let test = try PullTest()
        try test.write([1], to: "file")
        var puller = Puller(
            store: ModelStore(environment: ["QUIRE_HOME": test.store.folder + "/file"]),
            environment: [:]
        ) { _ in }
        puller.retry.attempts = 1
        let error = await #expect(throws: ModelStoreError.self) {
            try await puller.pull("hf:owner/repository")
        }
        #expect(error?.code == .fileSystem)
        expectPlain(error, mentions: "Not a directory")
    }

    @Test func `what stands in the way of a file is named with the reason`() async throws {
        let test = try PullTest()
        let file = ServedFile.model(kibibytes: 4)
        let folder = test.store.folder
        // Folders where files should go: of the lock, of the bytes, and of the model.
        for (name, blocked) in [("a", ".a.lock"), ("b", "b.gguf.part"), ("c", "c.gguf")] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(blocked)/x", withIntermediateDirectories: true)
            try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
                let error = await #expect(throws: ModelStoreError.self) {
                    try await test.puller().pull("\(server.origin)/\(name).gguf")
                }
                #expect(error?.code == .fileSystem, "\(name)")
                expectPlain(error, mentions: name)
            }
        }
        let missing = #expect(throws: ModelStoreError.self) { try LocalDisk().open("/nowhere/x") }
        expectPlain(missing, mentions: "No such file or directory")
        let unreadable = #expect(throws: ModelStoreError.self) {
            try SHA256Digest.ofFile("/nowhere/x")
        }
        expectPlain(unreadable, mentions: "No such file or directory")
        let packed = ModelStore(folder: "/dev/null/models")
        let unmade = #expect(throws: ModelStoreError.self) { try packed.packedFile(of: "/x.gguf") }
        expectPlain(unmade, mentions: "Not a directory")
    }

    @Test(
        arguments: [
            CocoaError(.fileWriteFileExists), CocoaError(.fileReadCorruptFile),
            CocoaError(.fileReadNoPermission), POSIXError(.EROFS), URLError(.badURL),
            NSError(domain: NSPOSIXErrorDomain, code: 28),
        ] as [any Error])
    func `no error of the system is shown as it prints itself`(error: any Error) {
        let text = SystemReason.text(error)
        #expect(!text.isEmpty && !text.contains("Domain") && !text.contains("NS"), "\(text)")
    }

    @Test func `the system's words are its own`() {
        #expect(SystemReason.text(POSIXError(.EACCES)) == "Permission denied")
        #expect(SystemReason.text(CocoaError(.fileWriteOutOfSpace)) == "No space left on device")
    }

    @Test(arguments: [
        "https://\u{1B}[31mhost/x.gguf", "https://host/%1B%5B31m", "\u{1B}]0;title\u{7}",
        "http://elsewhere/\u{9B}31m", "//\u{202E}host/%0Ax",
    ])
    func `what a server says is quoted before it is shown`(location: String) async throws {
        let test = try PullTest()
        let encoded = WebServer.Response(
            status: .ok,
            headers: ["Content-Encoding": "gz\u{9B}ip", "ETag": "\"\u{9B}\"", "Location": "x"])
        let respond: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, number in
            guard request.uri == "/x.gguf" else { return encoded }
            return .init(status: .found, headers: ["Location": number == 0 ? location : "/y"])
        }
        try await WebServer.serving(respond) { server in
            for _ in 0..<2 {
                let error = await #expect(throws: ModelStoreError.self) {
                    try await test.puller().pull("\(server.origin)/x.gguf")
                }
                let message = error?.message ?? ""
                #expect(!message.isEmpty)
                let isPlain = message.unicodeScalars.allSatisfy {
                    ![.control, .format].contains($0.properties.generalCategory)
                }
                #expect(isPlain, "\(message.debugDescription)")
            }
        }
    }

    @Test func `foreign text is escaped and cut`() {
        #expect(ForeignText.quoted("a\nb\u{202E}\u{2028}") == "'a\\u{a}b\\u{202e}\\u{2028}'")
        #expect(ForeignText.quoted("naïve 模型") == "'naïve 模型'")
        let long = ForeignText.quoted(String(repeating: "x", count: 10_000))
        #expect(long.count == ModelStoreLimits.quotedCharacters + 5 && long.hasSuffix("...'"))
        #expect(ForeignText.message("a\nb\rc\u{1B}") == "a\nb\\u{d}c\\u{1b}")
    }
}
