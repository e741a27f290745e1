/// Block tables: each sequence's logical blocks, the physical blocks where they lie, how full they
/// are and how many sequences refer to them; several pictures show before and after.
package struct BlockTableChart: Chart, Hashable {
    /// A sequence and its table.
    package struct Sequence: Hashable, Sendable {
        /// Its name.
        package var name: String

        /// The physical block of each logical one.
        package var table: [Int]

        /// Tokens that the sequence has in the blocks.
        package var tokens: Int

        /// A sequence; its tokens have room in its blocks.
        package init(_ name: String, table: [Int], tokens: Int) {
            self.name = name
            self.table = table
            self.tokens = tokens
        }
    }

    /// A physical block.
    package struct Block: Hashable, Sendable {
        /// Slots that hold tokens.
        package var filled: Int

        /// What it holds; `.free` where nothing.
        package var tone: Tone

        /// Sequences that refer to it.
        package var references: Int

        /// Whether something happened to it since the picture before.
        package var isChanged: Bool

        /// A physical block.
        package init(filled: Int, _ tone: Tone, references: Int, isChanged: Bool = false) {
            self.filled = filled
            self.tone = tone
            self.references = references
            self.isChanged = isChanged
        }
    }

    /// The tables and the pool at one moment.
    package struct Picture: Hashable, Sendable {
        /// The moment: "before the write".
        package var title: String

        /// The sequences.
        package var sequences: [Sequence]

        /// The pool, from block 0.
        package var pool: [Block]

        /// The tables and the pool at one moment.
        package init(_ title: String, sequences: [Sequence], pool: [Block]) {
            self.title = title
            self.sequences = sequences
            self.pool = pool
        }
    }

    /// What is shown.
    package var title: String

    /// The sentence that says what to see.
    package var caption: String

    /// Slots of a block.
    package var blockSize: Int

    /// The moments, in order.
    package var pictures: [Picture]

    /// Block tables. Each table refers to blocks of its pool; no block holds more than its size,
    /// and nothing is longer than `ReportingLimits.tableBlocks`.
    package init(title: String, caption: String, blockSize: Int, pictures: [Picture]) {
        precondition(blockSize > 0, "a block has slots")
        for picture in pictures {
            let count = picture.pool.count
            precondition(count <= ReportingLimits.tableBlocks, "a pool that can be seen")
            precondition(picture.pool.allSatisfy { (0...blockSize).contains($0.filled) }, "slots")
            for sequence in picture.sequences {
                precondition(sequence.table.allSatisfy { (0..<count).contains($0) }, "in the pool")
                precondition(sequence.table.count <= ReportingLimits.tableBlocks, "can be seen")
                precondition(
                    (0...sequence.table.count * blockSize).contains(sequence.tokens), "has room")
            }
        }
        self.title = title
        self.caption = caption
        self.blockSize = blockSize
        self.pictures = pictures
    }

    /// Tokens of a sequence in one of its logical blocks.
    func filled(_ sequence: Sequence, _ logical: Int) -> Int {
        min(blockSize, max(0, sequence.tokens - logical * blockSize))
    }

    /// The table entries as rows.
    package var data: ReportTable {
        let rows = pictures.flatMap { picture in
            picture.sequences.flatMap { sequence in
                sequence.table.enumerated().map { logical, physical in
                    [
                        .init(picture.title), .init(sequence.name), .init(logical),
                        .init(physical), .init("\(filled(sequence, logical))/\(blockSize)"),
                        .init(picture.pool[physical].references),
                    ] as [ReportTable.Cell]
                }
            }
        }
        let columns: [ReportTable.Column] = [
            "Moment", "Sequence", .number("logical"), .number("physical"), .number("filled"),
            .number("references"),
        ]
        return .data(title: title, columns: columns, count: rows.count) { rows[$0] }
    }

    /// The picture in words.
    package var summary: String {
        if pictures.isEmpty { return "No data." }
        return pictures.map { picture in
            let tables = picture.sequences.map { sequence in
                let entries = sequence.table.enumerated().map { "\($0) to \($1)" }
                return "\(sequence.name): \(entries.joined(separator: ", "))."
            }
            let shared = picture.pool.enumerated().filter { $0.element.references > 1 }
                .map { "\($0.offset) (\($0.element.references))" }
            let sharing =
                shared.isEmpty
                ? "No block is shared." : "Shared blocks: \(shared.joined(separator: ", "))."
            return "\(picture.title). " + tables.joined(separator: " ") + " \(sharing)"
        }.joined(separator: " ")
    }

    /// Draws the chart.
    package func draw(on canvas: inout Canvas) { BlockTableLayout(self).draw(on: &canvas) }
}
