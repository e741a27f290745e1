import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine gives to a model.",
        discussion: """
            Cores, kernels, memory, huge pages, measured bandwidth, and the installed models with \
            the tokens a second that the bandwidth allows at most: decoding reads all weights for \
            every token. What could be better is said with the way to it. \
            QUIRE_ISA=scalar|avx2|avx512|neon chooses other kernels, for every command; features \
            can be added and taken away, as in avx512-bf16.
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try DoctorReport()
        switch output.format {
        case .json: print(try JSONText.pretty(report))
        case .text: for line in report.lines { print(line) }
        }
    }
}
