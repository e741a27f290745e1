/// One matrix product: what correctness tests and measurements of the kernels run over.
package struct ProductCase: Sendable, CustomStringConvertible {
    /// The format of the weights.
    package var format: TensorFormat
    /// The weights in a row.
    package var columns: Int
    /// The rows of weights.
    package var outputs: Int
    /// The rows of activations.
    package var rows: Int

    /// A case by its parts.
    package init(format: TensorFormat, columns: Int, outputs: Int, rows: Int) {
        self.format = format
        self.columns = columns
        self.outputs = outputs
        self.rows = rows
    }

    /// The shape in one line, for failures.
    package var description: String {
        "\(format) \(outputs) x \(columns), \(rows) rows"
    }
}

/// The cases that drive correctness, and those that drive measurements: one list for both.
package enum KernelCases {
    /// Widths that real models have, the smallest, and some beyond what is unpacked at a time; each
    /// format takes those that it can.
    package static let columns = [32, 64, 256, 640, 896, 1056, 2304]

    /// Rows of activations around every tile and batch size of the kernels.
    package static let rows = Array(1...33)

    /// Numbers of outputs that are no multiple of a tile, and some that are.
    package static let outputs = [1, 2, 3, 5, 11, 16, 17]

    /// The products that are checked: every format at every width it can have, with rows and
    /// outputs taken in turn so that the list stays short.
    package static let products: [ProductCase] = {
        var cases: [ProductCase] = []
        for format in TensorFormat.supported {
            let widths = (format.blockSize == 1 ? [1, 7, 17, 255, 257] : []) + columns
            for width in widths where format.rowBytes(columns: width) != nil {
                for step in 0..<2 {
                    let turn = cases.count
                    cases.append(
                        ProductCase(
                            format: format, columns: width,
                            outputs: outputs[turn % outputs.count],
                            rows: rows[(turn * 5 + step) % rows.count]))
                }
            }
        }
        return cases
    }()

    /// Rows of activations that are measured: a decode, growing batches, chunks of prompts.
    package static let measuredRows = [1, 2, 4, 8, 16, 32, 128, 512]

    /// The products that are measured: every format with every number of rows. The shape is large
    /// enough that a job for the threads is worth it, and a multiple of every tile.
    package static func measured(
        formats: [TensorFormat] = TensorFormat.supported, rows: [Int] = measuredRows,
        columns: Int = 1024, outputs: Int = 4096
    ) -> [ProductCase] {
        formats.filter { $0.rowBytes(columns: columns) != nil }.flatMap { format in
            rows.map { rows in
                ProductCase(format: format, columns: columns, outputs: outputs, rows: rows)
            }
        }
    }
}

/// Bytes of weights for tests and measurements.
package enum RandomWeights {
    /// Random blocks with scales that a trained model could have: every byte is random but those
    /// of the half and float scales.
    package static func bytes(
        _ format: TensorFormat, count: Int, using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        if format.blockSize == 1 {
            let values = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
            return format.quantize(values) ?? []
        }
        var bytes: [UInt8] = []
        for _ in 0..<(count / format.blockSize) {
            var block = (0..<format.blockBytes).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            for offset in format.halves {
                let scale = HalfPrecision.half(Float.random(in: 0.001...0.02, using: &generator))
                setHalf(scale, at: offset, in: &block)
            }
            for offset in format.powers {
                block[offset] = UInt8.random(in: 115...125, using: &generator)
            }
            bytes += block
        }
        return bytes
    }

    /// Writes a half's bits at an offset of a block.
    package static func setHalf(_ half: UInt16, at offset: Int, in block: inout [UInt8]) {
        block[offset] = UInt8(half & 0xFF)
        block[offset + 1] = UInt8(half >> 8)
    }
}
