import ArgumentParser
import Testing

@testable import quire

/// What a mistyped command line was meant to be.
struct UsageAdviceTests {
    private func message(_ words: [String]) -> String {
        do {
            try UsageAdvice.checkCommands(words)
            _ = try Quire.parseAsRoot(words)
            return ""
        } catch {
            return UsageAdvice.message(for: error, arguments: words)
        }
    }

    @Test(arguments: [
        (["rnu"], "There is no command 'rnu'. Did you mean quire run"),
        (["rnu", "--help"], "quire run"), (["help", "genrate"], "quire generate"),
        (["serve"], "quire batch"), (["version"], "quire --version"), (["show"], "quire inspect"),
        (["bench", "latncy"], "There is no command 'latncy' of quire bench. Did you mean"),
        (["bench", "latncy"], "quire bench latency"), (["Once upon a time"], "quire run"),
        (["gemma-3-270m"], "quire run"),
    ])
    func `a word that is no command is refused with what was meant`(
        words: [String], advice: String
    ) {
        let message = message(words)
        #expect(message.hasPrefix("error: There is no command"), "\(message)")
        #expect(message.contains(advice), "\(message)")
    }

    @Test(arguments: [
        ["run", "a b"], ["ls"], ["bench", "tokenizer", "--model", "m", "--file", "f"], ["--help"],
        ["run", "--max-tokens", "3", "rnu"], ["rm", "serve"],
    ])
    func `words that are in their place pass`(words: [String]) throws {
        try UsageAdvice.checkCommands(words)
    }

    @Test(arguments: [
        (["run", "--hlep"], "--help"), (["--hlep"], "--help"), (["--verison"], "--version"),
        (["run", "--blok-size", "3"], "--block-size"),
        (["run", "--tempreature=1"], "--temperature"),
        (["generate", "--prompt", "a", "--no-prefix-cahce"], "--no-prefix-cache"),
        (["bench", "throughput", "--otput-length", "3"], "--output-length"),
    ])
    func `an unknown option is refused with the nearest one`(words: [String], option: String) {
        let message = message(words)
        #expect(message.hasPrefix("error: Unknown option"), "\(message)")
        #expect(message.contains("Did you mean '\(option)'?"), "\(message)")
    }

    @Test func `nothing is suggested where nothing is near`() {
        let message = message(["list", "--zzzzzzz"])
        #expect(message.hasPrefix("error: Unknown option '--zzzzzzz'\n"), "\(message)")
    }
}
