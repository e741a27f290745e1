import Foundation
import TestSupport
import Testing

@testable import Tensors

@Test(arguments: KernelCase.all, [RotaryStyle.neox, .interleaved])
func `heads turn by position times frequency`(_ kernel: KernelCase, _ style: RotaryStyle) throws {
    let compute = try kernel.compute()
    var generator = SeededGenerator(seed: 6)
    for (headDim, rotaryDim) in [(8, 8), (32, 32), (80, 64), (96, 24), (64, 34)] {
        let frequencies = (0..<rotaryDim / 2).map {
            pow(10_000, -2 * Double($0) / Double(rotaryDim))
        }
        let positions: [Int32] = [0, 1, 700, 31_999]
        let table = try RotaryTable(rows: 4, inverseFrequencies: frequencies, magnitude: 1.25)
        table.fill(positions: positions)
        let x = try FloatMatrix.random(rows: 4, columns: 1 + 3 * headDim, using: &generator)
        let before = (0..<4).map { x.array($0) }
        compute.rope(
            x, column: 1, heads: 3, headDim: headDim, rows: 0..<4, table: table, style: style)
        for row in 0..<4 {
            var wanted = before[row].map { Double($0) }
            for head in 0..<3 {
                for i in 0..<rotaryDim / 2 {
                    let start = 1 + head * headDim
                    let (first, second) =
                        style == .neox
                        ? (start + i, start + i + rotaryDim / 2)
                        : (start + 2 * i, start + 2 * i + 1)
                    let angle = Double(positions[row]) * frequencies[i]
                    let (a, b) = (wanted[first], wanted[second])
                    wanted[first] = 1.25 * (a * cos(angle) - b * sin(angle))
                    wanted[second] = 1.25 * (a * sin(angle) + b * cos(angle))
                }
            }
            for (value, wanted) in zip(x.array(row), wanted) {
                #expect(abs(Double(value) - wanted) < 2e-6)
            }
        }
    }
}
