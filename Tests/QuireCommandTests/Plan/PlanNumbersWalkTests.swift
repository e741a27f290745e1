import ArgumentParser
import TestSupport
import Testing

@testable import quire

/// Numbers from 1 to the bounds of what is taken, at random: each is planned or refused, and no sum
/// overflows, which would end the test.
struct PlanNumbersWalkTests {
    private static let bounds: [(option: String, most: Int)] = [
        // Layers cost time, and overflow no sooner than heads do.
        ("--layers", 128), ("--heads", 65_536), ("--kv-heads", 65_536), ("--head-dim", 65_536),
        ("--hidden", 1 << 20), ("--ffn", 1 << 24), ("--vocab", 1 << 24), ("--window", 1 << 24),
        ("--context", 1 << 24), ("--block-size", 1 << 24), ("--chunk", 1 << 24),
        ("--batch", 1 << 24), ("--devices", 4096),
    ]

    private static func words(_ random: inout SeededGenerator) -> [String] {
        var words = ["plan"]
        for (option, most) in bounds {
            guard option == "--layers" || option == "--context" || Bool.random(using: &random)
            else { continue }
            // Small numbers as often as large ones, so that many are planned.
            let bits = Int.random(in: 0...(Int.bitWidth - most.leadingZeroBitCount), using: &random)
            words += [
                option, "\(min(most, Int.random(in: 1...max(1, 1 << bits), using: &random)))",
            ]
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            words += ["--kv-lora-rank", "\(Int.random(in: 1...65_536, using: &random))"]
            words += ["--rope-dim", "\(Int.random(in: 1...65_536, using: &random))"]
        } else {
            words += ["--heads", "8", "--kv-heads", "4"].prefix(Bool.random(using: &random) ? 4 : 0)
        }
        if Bool.random(using: &random) {
            words += ["--experts", "\(1 << Int.random(in: 5...16, using: &random))"]
            words += ["--experts-used", "\(1 << Int.random(in: 0...5, using: &random))"]
        }
        words +=
            [["--device", "h100"], ["--memory", "1PB"], ["--memory", "1KB"]].randomElement(
                using: &random) ?? []
        words +=
            [[], ["--kv-dtype", "int8"], ["--weights", "q4_k"]].randomElement(using: &random) ?? []
        return words + ([[], ["--lengths", "mean:3"]].randomElement(using: &random) ?? [])
    }

    @Test func `any numbers are planned or refused`() throws {
        var random = SeededGenerator(seed: 99)
        var planned = 0
        for _ in 0..<100 {
            guard
                let command = try? Quire.parseAsRoot(Self.words(&random)) as? PlanModelCommand,
                let report = try? PlanModel.report(of: command)
            else { continue }
            planned += 1
            #expect(!report.lines.isEmpty)
            #expect(try !JSONText.line(report).isEmpty)
        }
        #expect(planned > 5)
    }
}
