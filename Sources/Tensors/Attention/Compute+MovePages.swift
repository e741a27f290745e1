/// A copy of one whole page of an arena into a page of the same or of another arena.
package struct PageMove: Sendable {
    /// The arena that is read.
    package let source: KVArena

    /// The page that is read.
    package let from: Int

    /// The arena that is written; its pages and their layers are as large as the source's.
    package let target: KVArena

    /// The page that is written.
    package let to: Int

    /// Describes a copy.
    package init(from: Int, of source: KVArena, to: Int, of target: KVArena) {
        self.source = source
        self.from = from
        self.target = target
        self.to = to
    }
}

extension Compute {
    /// Copies whole pages: the result is that of one copy after the other, in the order given, so
    /// a page may be saved first and overwritten then.
    ///
    /// The threads share the bytes of the pages, not the copies: each does all copies in order for
    /// its own part of a page, and no copy reads another part. O(bytes copied).
    package func move(_ moves: [PageMove]) {
        guard let first = moves.first else { return }
        let bytes = first.source.pageBytes
        for move in moves {
            precondition(
                move.source.pageBytes == bytes && move.target.pageBytes == bytes
                    && move.source.layerBytes == move.target.layerBytes,
                "a copy between pages of different sizes")
        }
        let shares = bytes.multipliedReportingOverflow(by: moves.count)
        let worthSharing = shares.overflow ? bytes : shares.partialValue
        let parts = min(
            pool.threads, worthSharing / TensorLimits.sharedCopyBytes,
            bytes / TensorLimits.copyPartBytes)
        guard parts > 1 else { return copy(moves, 0..<bytes) }
        // Parts begin at cache lines, so that no two threads write one.
        let part = (bytes / parts + 63) / 64 * 64
        pool.run(tasks: parts) { task, _ in
            let start = min(bytes, task * part)
            copy(moves, start..<(task == parts - 1 ? bytes : min(bytes, start + part)))
        }
    }

    /// Does all copies for one range of the pages' bytes.
    private func copy(_ moves: [PageMove], _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        for move in moves where move.source !== move.target || move.from != move.to {
            move.source.forEachRun(range) { run in
                let source = unsafe move.source.pointer(page: move.from, offset: run.lowerBound)
                let target = unsafe move.target.pointer(page: move.to, offset: run.lowerBound)
                unsafe target.copyMemory(from: source, byteCount: run.count)
            }
        }
    }
}
