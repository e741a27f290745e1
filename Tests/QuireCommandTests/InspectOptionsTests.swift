import ArgumentParser
import Testing

@testable import quire

/// The options of `quire inspect` that belong to its plan.
struct InspectOptionsTests {
    private func refusal(_ words: [String]) -> String? {
        do {
            _ = try Quire.parseAsRoot(["inspect", "demo"] + words)
            return nil
        } catch {
            return Quire.message(for: error)
        }
    }

    private static let options: [[String]] = [
        ["--batch", "8"], ["--threads", "1"], ["--quantize", "q8_0"], ["--repack-cache"],
        ["--ignore-unread"], ["--experts-in", "file"],
        ["--context", "64"], ["--prefix-cache-file", "f"], ["--host-cache-size", "1MB"],
        ["--memory-fraction", "0.4"], ["--block-size", "8"], ["--chunk", "64"],
        ["--kv-dtype", "int8"], ["--activations", "float32"],
        ["--prefix-cache-size", "1MB", "--prefix-cache-file", "f"],
    ]

    @Test(arguments: options)
    func `an option of the plan is refused by name without it`(option: [String]) {
        #expect(refusal(option)?.contains(option[0]) == true)
        #expect(refusal(option)?.contains("--plan") == true)
        #expect(refusal(["--plan"] + option) == nil)
    }

    @Test func `every option is one of the plan or of the header`() {
        let known = Set(Self.options.map { $0[0].dropFirst(2) }.map(String.init))
        let own: Set = ["plan", "tensors", "format", "help", "version"]
        #expect(Set(UsageAdvice.options(of: InspectCommand.self)).subtracting(own) == known)
    }
}
