import ArgumentParser
import Scheduling
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
        (["server"], "quire serve"), (["version"], "quire --version"), (["show"], "quire inspect"),
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

    @Test(arguments: [
        (["run", "-n", "20", "a b"], "--max-tokens"),
        (["run", "--n-predict", "3"], "--max-tokens"),
        (["generate", "-m", "demo", "--prompt", "a"], "--model"),
        (["generate", "--max-num-seqs", "4", "--prompt", "a"], "--batch"),
        (["run", "--ctx-size", "512"], "--context"),
    ])
    func `an option of another engine is answered with the one that does it here`(
        words: [String], option: String
    ) {
        let message = message(words)
        #expect(message.hasPrefix("error: Unknown option"), "\(message)")
        #expect(message.contains("Did you mean '\(option)'?"), "\(message)")
    }

    @Test(arguments: [
        (["run", "Once", "upon", "a", "time"], "quotes: quire run \"Once upon a time\""),
        (["run", "demo", "Once", "upon", "--seed", "1"], "quotes: quire run demo \"Once upon\""),
        (["run", "Say", "$HOME", "now"], "quotes: quire run \"...\""),
        (["tokenize", "hello"], "quire tokenize --model demo --text \"hello\""),
        (["tokenize", "--model", "demo", "hello"], "--text"),
        (["tokenize"], "quire tokenize --model demo --text \"hello\""),
        (["perplexity", "--file", "x"], "quire perplexity --model demo"),
    ])
    func `words out of their place are refused with the whole command`(
        words: [String], command: String
    ) {
        let message = message(words)
        #expect(message.contains(command), "\(message)")
    }

    @Test(arguments: [
        (["run", "a b", "--prefix-cache-size", "1X"], "give a size such as 500MB or 2GB"),
        (["run", "a b", "--host-cache-size", ""], "give a size such as 500MB or 2GB"),
        (["run", "a b", "--seed", "abc"], "give a whole number"),
        (["run", "a b", "--context", "1.5"], "give a whole number"),
        (["run", "a b", "--temperature", "warm"], "give a number such as"),
        (["run", "a b", "--memory-fraction", "half"], "give a number such as"),
        (["generate", "--prompt", "a", "--order", "x"], "one of fcfs, priority, fair, prefix"),
        (["generate", "--prompt", "a", "--admission", "x"], "one of watermark, reserve, fixed-"),
        (["generate", "--prompt", "a", "--eviction", "x"], "one of lru, lfu, fifo, s3fifo"),
        (["bench", "latency", "--batch", "a"], "whole numbers such as 1,2,4"),
        (["plan", "opt-13b", "--flops", "a"], "give a number such as 312T"),
        (["plan", "--params", "a"], "give a number such as 7B"),
        (["plan", "opt-13b", "--tokens-per-second", "a"], "give a number such as 1500"),
        (["plan", "opt-13b", "--bandwidth", "a"], "give a rate such as 2TB/s"),
        (["simulate", "serve", "--rate", "a"], "give a number such as 2.5"),
    ])
    func `a value that cannot be read is refused with one that can`(
        words: [String], wanted: String
    ) {
        let message = message(words)
        #expect(message.contains(wanted), "\(message)")
    }

    @Test(arguments: ["watermark", "reserve", "fixed-watermark"])
    func `the policies that the advice names are policies`(name: String) {
        #expect(AdmissionPolicy(name: name)?.name == name)
    }

    @Test func `nothing is suggested where nothing is near`() {
        let message = message(["list", "--zzzzzzz"])
        #expect(message.hasPrefix("error: Unknown option '--zzzzzzz'\n"), "\(message)")
    }
}
