import ArgumentParser
import Foundation
import QuireKit
import TestSupport
import Testing

@testable import quire

/// Where a server's settings are from.
struct ConfigurationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The configuration of a command line, with a home of its own.
    private func configuration(
        _ words: [String], _ variables: [String: String] = [:], file: String? = nil
    ) throws -> Configuration {
        if let file { _ = try folder.write("serve.json", Array(file.utf8)) }
        let environment = ["QUIRE_HOME": folder.path].merging(variables) { _, new in new }
        return try #require(try Configuration.of(words, environment: environment))
    }

    private func serve(_ configuration: Configuration) throws -> ServeCommand {
        try #require(try Quire.parseAsRoot(configuration.arguments) as? ServeCommand)
    }

    private func refusal(
        _ words: [String], _ variables: [String: String] = [:], file: String? = nil
    ) -> String {
        do {
            _ = try configuration(words, variables, file: file)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `an option is before a variable, a variable before the file`() throws {
        let file = """
            {"port": 1, "host": "a", "model": "m", "max_queue": 3, "cors_origin": ["x", "y"],
             "prefix_cache": false, "special": true, "memory_fraction": 0.25}
            """
        let configuration = try configuration(
            ["serve", "--port", "9"],
            ["QUIRE_PORT": "2", "QUIRE_HOST": "b", "QUIRE_SPECIAL": "0"], file: file)
        let command = try serve(configuration)
        #expect(command.model == "m")
        #expect(command.settings.serving.port == 9)
        #expect(command.settings.serving.host == "b")
        #expect(command.settings.serving.corsOrigin == ["x", "y"])
        #expect(command.settings.maxQueue == 3)
        #expect(!command.settings.scheduling.prefixCache)
        #expect(!command.settings.requests.special)
        #expect(command.settings.engine.memoryFraction == 0.25)
        let origins = Dictionary(
            uniqueKeysWithValues: configuration.choices.map { ($0.setting.name, $0.origin) })
        #expect(origins["port"] == .commandLine)
        #expect(origins["host"] == .variable("QUIRE_HOST"))
        #expect(origins["max-queue"] == .file(folder.path("serve.json")))
        #expect(origins["chunk"] == .standard)
    }

    @Test(arguments: [["serve", "other"], ["serve", "--port=3", "other"]])
    func `a model on the command line is before others`(words: [String]) throws {
        let found = try serve(configuration(words, ["QUIRE_MODEL": "m"]))
        #expect(found.model == "other")
        #expect(try serve(configuration(["serve"], ["QUIRE_MODEL": "m"])).model == "m")
    }

    @Test func `of a pair of flags the last one counts, and one of a file can be turned off`()
        throws
    {
        let file = #"{"prefix_cache": false, "repack_cache": true}"#
        let on = try serve(configuration(["serve", "--prefix-cache"], file: file))
        #expect(on.settings.scheduling.prefixCache)
        let off = try serve(configuration(["serve"], ["QUIRE_REPACK_CACHE": "false"], file: file))
        #expect(!off.settings.scheduling.prefixCache)
        #expect(!off.settings.engine.load.repackCache)
        let both = try configuration(["serve", "--prefix-cache", "--no-prefix-cache"])
        #expect(both.given.values["prefix-cache"] == ["false"])
    }

    @Test func `a list in a variable has commas, and a key may have some`() throws {
        let command = try serve(
            configuration(["serve"], ["QUIRE_ALLOWED_HOST": "a, b", "QUIRE_API_KEY": "-k,1=2"]))
        #expect(command.settings.serving.allowedHost == ["a", "b"])
        #expect(try command.settings.serving.keys() == ["-k,1=2"])
        // All of the one that comes first, and nothing of the others.
        let given = try serve(configuration(["serve", "--api-key", "x"], ["QUIRE_API_KEY": "y"]))
        #expect(try given.settings.serving.keys() == ["x"])
    }

    @Test(arguments: [
        (#"{"prot": 1}"#, "no key `prot`", "did you mean port?"),
        (#"{"max-queue": 1}"#, "no key `max-queue`", "did you mean max_queue?"),
        (#"{"port": 1, "port": 2}"#, "twice", "port"),
        (#"{"port": true}"#, "`port` must be a text or a number", "serve.json"),
        (#"{"special": "yes"}"#, "`special` must be true or false", "serve.json"),
        (#"{"cors_origin": [1]}"#, "must be a text or a list of texts", "cors_origin"),
        (#"{"port": null}"#, "must be a text or a number", "port"), ("[]", "no JSON object", "{"),
        ("{", "serve.json", ""), (#"{"help": true}"#, "no key `help`", ""),
        (#"{"zzzzzzzz": true}"#, "no key `zzzzzzzz`", "--print-config"),
    ])
    func `a wrong file is refused by the name of what is wrong`(
        file: String, what: String, advice: String
    ) {
        let message = refusal(["serve"], file: file)
        #expect(message.contains(what), "\(message)")
        #expect(advice.isEmpty || message.contains(advice), "\(message)")
    }

    @Test(arguments: [
        ("QUIRE_PROT", "1", "did you mean QUIRE_PORT?"), ("QUIRE_PORT", "", "is empty"),
        ("QUIRE_API_KEY", "", "is empty"), ("QUIRE_SPECIAL", "yes", "must be true or false"),
        ("QUIRE_PORT", "tcp://10.0.0.1:8000", "Kubernetes"), ("QUIRE_CONFIG", "/none", "/none"),
        ("QUIRE_SERVICE_HOST", "10.0.0.1", "no setting `QUIRE_SERVICE_HOST`"),
    ])
    func `a wrong variable is refused by its name`(name: String, value: String, what: String) {
        let message = refusal(["serve"], [name: value])
        #expect(message.contains(what), "\(message)")
        #expect(message.contains(name) || name == "QUIRE_CONFIG", "\(message)")
    }

    @Test func `variables of other commands and a file that is not there are no errors`() {
        #expect(refusal(["serve"], ["QUIRE_ISA": "scalar", "QUIRE_HISTORY": ""]).isEmpty)
        #expect(!refusal(["serve", "--config", folder.path("none.json")]).isEmpty)
        #expect(!refusal(["serve", "--config=\(folder.path)"]).isEmpty)
    }

    @Test func `another file may be named by an option and by a variable`() throws {
        let one = try folder.write("one.json", Array(#"{"port": 1}"#.utf8))
        let two = try folder.write("two.json", Array(#"{"port": 2}"#.utf8))
        #expect(
            try serve(configuration(["serve"], ["QUIRE_CONFIG": one])).settings.serving.port == 1)
        let both = try configuration(["serve", "--config", two], ["QUIRE_CONFIG": one])
        #expect(try serve(both).settings.serving.port == 2)
    }

    @Test(arguments: [
        ["run", "a b"], ["serve", "--help"], ["help", "serve"], ["serve", "-h"], ["list"],
    ])
    func `other commands and help have no configuration`(words: [String]) throws {
        let bad = ["QUIRE_PROT": "1"]
        #expect(try Configuration.of(words, environment: bad) == nil)
    }

    @Test func `a message of the parser says where a wrong value is from`() throws {
        let configuration = try configuration(["serve"], ["QUIRE_PORT": "99999"])
        do {
            _ = try serve(configuration)
            Issue.record("a port that there is not")
        } catch {
            let message = configuration.explained(Quire.message(for: error))
            #expect(message.contains("--port is 99999"))
            #expect(message.contains("(--port is from QUIRE_PORT.)"), "\(message)")
        }
        #expect(configuration.explained("--ports") == "--ports")
    }

    @Test func `the table has every setting with a value and its origin, and no secret`() throws {
        let table = try configuration(
            ["serve", "--batch", "4"], ["QUIRE_API_KEY": "sesame"],
            file: #"{"cors_origin": ["x", "y"]}"#
        ).table
        #expect(table.count == Setting.all.count + 1)
        #expect(!table.contains { $0.contains("sesame") })
        func row(_ key: String) -> [Substring]? {
            table.first { $0.hasPrefix(key + " ") }?.split(separator: /\s{2,}/)
        }
        #expect(row("batch")?.last == "command line")
        #expect(row("api_key") == ["api_key", "a key, not shown", "QUIRE_API_KEY"])
        #expect(row("cors_origin")?[1] == "x, y")
        #expect(row("port")?[1] == "8000")
        #expect(row("prefix_cache")?[1] == "true")
        #expect(row("max_queue")?.last == "default")
    }

    @Test func `every option of serve is a setting, but for those that choose none`() {
        let own: Set = [
            "help", "version", "config", "print-config", "no-prefix-cache", "parent",
            "record-steps",
        ]
        let options = Set(UsageAdvice.options(of: ServeCommand.self)).subtracting(own)
        #expect(Set(Setting.all.map(\.name)) == options.union(["model"]))
        #expect(!Setting.all.contains { Configuration.otherVariables.contains($0.variable) })
    }

    @Test func `the target for the time between tokens reaches the engine`() throws {
        let command = try serve(configuration(["serve", "--itl-target", "100ms"]))
        #expect(command.settings.modelOptions.interTokenTarget == .milliseconds(100))
        let standard = try configuration(["serve"])
        #expect(
            try serve(standard).settings.modelOptions.interTokenTarget == LatencyTarget.served)
        #expect(standard.table.contains { $0.hasPrefix("itl_target") && $0.contains(" 150ms ") })
    }
}
