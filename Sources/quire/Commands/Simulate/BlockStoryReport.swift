import KVCache
import Reporting
import Simulation

/// The pictures of a story of block tables.
struct BlockStoryReport {
    private let scenes: [BlockStory]

    init(_ scenes: [BlockStory]) {
        self.scenes = scenes
    }

    /// A page with the tables around the first copy on write (or at the end, where there was none)
    /// and the tree of prefixes.
    func report() -> Report {
        let blockSize = scenes[0].cache.layout.blockSize
        var report = Report(
            title: "Block tables",
            summary: "Sequences own lists of block numbers; equal beginnings are the same blocks.",
            parameters: [
                ("blocks", "\(scenes[0].cache.layout.capacity)"),
                ("tokens of a block", "\(blockSize)"),
            ])
        report.append(tables(blockSize))
        report.append(tree())
        return report
    }

    private func tables(_ blockSize: Int) -> BlockTableChart {
        let copy = scenes.firstIndex { $0.events.last?.copies.isEmpty == false }
        let shown = copy.map { [$0 - 1, $0] } ?? [scenes.count - 1]
        let pictures = shown.map { index in
            picture(scenes[index], before: index > 0 ? scenes[index - 1] : nil)
        }
        let caption =
            copy == nil
            ? "Every table points anywhere in the pool; blocks of equal beginnings are shared."
            : "Before the write two sequences share the last block; the one that writes gets a "
                + "copy of its own, and the full blocks stay shared."
        return BlockTableChart(
            title: "Block tables before and after copy on write", caption: caption,
            blockSize: blockSize, pictures: pictures)
    }

    private func picture(_ scene: BlockStory, before: BlockStory?) -> BlockTableChart.Picture {
        // Block 0 is the null block, which holds nothing.
        let count = scene.cache.layout.blockCount
        var pool = Array(
            repeating: BlockTableChart.Block(filled: 0, .free, references: 0), count: count)
        let old = before?.states
        for (index, state) in scene.states.enumerated() {
            let isFull = state == .cached
            pool[index + 1] = BlockTableChart.Block(
                filled: isFull ? scene.cache.layout.blockSize : 0,
                state == .free ? .free : state == .held ? .computed : .reused, references: 0,
                isChanged: old.map { $0[index] != state } ?? false)
        }
        var sequences: [BlockTableChart.Sequence] = []
        for sequence in scene.sequences {
            let table = scene.table(of: sequence)
            for entry in table {
                pool[entry.physical.number].filled = max(
                    pool[entry.physical.number].filled, entry.words.count)
                pool[entry.physical.number].references = entry.references
            }
            sequences.append(
                BlockTableChart.Sequence(
                    sequence.name, table: table.map(\.physical.number),
                    tokens: sequence.words.count))
        }
        let title = scene.events.last.map { "after: \($0.line)" } ?? "at the start"
        return BlockTableChart.Picture(title, sequences: sequences, pool: pool)
    }

    private func tree() -> PrefixTreeChart {
        var nodes: [PrefixTreeChart.Node] = []
        func add(_ list: [BlockStory.PrefixNode], parent: Int?) {
            for node in list {
                let index = nodes.count
                nodes.append(
                    PrefixTreeChart.Node(
                        parent: parent, node.words.joined(separator: " "),
                        tokens: node.words.count, requests: node.children.isEmpty ? 1 : 0,
                        tone: node.isCached ? .reused : .idle))
                add(node.children, parent: index)
            }
        }
        var last = scenes[scenes.count - 1]
        add(last.prefixTree(), parent: nil)
        return PrefixTreeChart(
            title: "Prefix tree",
            caption: "What stands on the left is shared by everything to its right, and was "
                + "computed once.",
            nodes: nodes, words: [.reused: "cached", .idle: "given up"])
    }
}
