import QuireIdentifiers

/// Turns the pieces of one text into tokens.
struct PieceEncoder: ~Escapable, PieceEncoding {
    private let text: Span<UInt8>
    private let merges: MergeTable.View
    private let model: MergeModel
    private let vocabulary: Vocabulary
    private let usesScores: Bool

    @_lifetime(copy text, borrow model)
    init(text: Span<UInt8>, model: borrowing MergeModel, vocabulary: Vocabulary) {
        self.text = text
        merges = model.merges.view
        self.model = copy model
        self.vocabulary = vocabulary
        usesScores = !model.priorities.isEmpty
    }

    /// Appends the tokens of the piece in `range`.
    ///
    /// - Complexity: O(n log n) in the bytes of the piece.
    @inline(__always)
    func encode(_ range: Range<Int>, _ scratch: inout MergeScratch, to output: inout [TokenID]) {
        guard range.count <= WordCache.longestWord else {
            return merge(range, &scratch, to: &output)
        }
        let key = WordCache.key(text, range)
        if scratch.cache.append(key, to: &output) { return }
        let start = output.count
        merge(range, &scratch, to: &output)
        scratch.cache.insert(key, output[start...])
    }

    private func merge(
        _ range: Range<Int>, _ scratch: inout MergeScratch, to output: inout [TokenID]
    ) {
        if model.ignoresMerges, let whole = wholePiece(range, &scratch) {
            output.append(TokenID(whole))
            return
        }
        begin(range, &scratch)
        if scratch.ids.count <= TokenizerLimits.linearMergeSymbols {
            mergeFew(range.lowerBound, &scratch)
        } else {
            mergeMany(range.lowerBound, &scratch)
        }
        emit(range.lowerBound, scratch, to: &output)
    }
}

extension PieceEncoder {
    /// The token whose text the whole piece is.
    private func wholePiece(_ range: Range<Int>, _ scratch: inout MergeScratch) -> UInt32? {
        let found: Int?
        switch model.symbols {
        case .characters: found = vocabulary.find(text.extracting(range))
        case .bytes:
            scratch.alphabet.removeAll(keepingCapacity: true)
            for index in range {
                scratch.alphabet.append(contentsOf: ByteAlphabet.text(of: text[index]))
            }
            found = vocabulary.find(scratch.alphabet.span)
        }
        return found.flatMap { vocabulary.kinds[$0].isSpecial ? nil : UInt32($0) }
    }

    /// Cuts the piece into the symbols that merging begins with.
    private func begin(_ range: Range<Int>, _ scratch: inout MergeScratch) {
        scratch.clear()
        switch model.symbols {
        case .bytes:
            for index in range {
                scratch.ids.append(model.byteTokens[Int(text[index])])
                scratch.ends.append(index + 1)
            }
        case .characters:
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(start + TextScanner.width(of: text[start]), range.upperBound)
                let id = vocabulary.find(text.extracting(start..<end))
                let isText = id.map { !vocabulary.kinds[$0].isSpecial } ?? false
                scratch.ids.append(isText ? UInt32(id ?? 0) : MergeModel.noToken)
                scratch.ends.append(end)
                start = end
            }
        }
    }

    /// What two symbols that are next to each other, `range` in the text, make together: rank or
    /// priority over the joined id, or `noPair`.
    @inline(__always)
    private func pair(_ left: UInt32, _ right: UInt32, _ range: Range<Int>) -> UInt64 {
        if !usesScores { return merges.find(left, right) ?? MergeScratch.noPair }
        guard let id = vocabulary.find(text.extracting(range)) else { return MergeScratch.noPair }
        let priority = model.priorities[id]
        return priority == .max ? MergeScratch.noPair : UInt64(priority) << 32 | UInt64(id)
    }

    /// Merges by looking at every pair after each merge: O(n^2), the fastest for short pieces.
    private func mergeFew(_ start: Int, _ scratch: inout MergeScratch) {
        var count = scratch.ids.count
        // On the stack, where nothing but the bounds is checked. `ends` are one further along:
        // `ends[i]` is where symbol i begins.
        var ids = InlineArray<49, UInt32>(repeating: 0)
        var ends = InlineArray<50, Int>(repeating: start)
        var pairs = InlineArray<49, UInt64>(repeating: MergeScratch.noPair)
        for index in 0..<count {
            ids[index] = scratch.ids[index]
            ends[index + 1] = scratch.ends[index]
        }
        for left in 0..<max(count - 1, 0) {
            pairs[left] = pair(ids[left], ids[left + 1], ends[left]..<ends[left + 2])
        }
        while count > 1 {
            var best = 0
            var lowest = pairs[0] >> 32
            for index in 1..<count - 1 where pairs[index] >> 32 < lowest {
                best = index
                lowest = pairs[index] >> 32
            }
            guard pairs[best] != MergeScratch.noPair else { break }
            ids[best] = UInt32(truncatingIfNeeded: pairs[best])
            count -= 1
            for index in best + 1..<count {
                ids[index] = ids[index + 1]
                ends[index] = ends[index + 1]
                pairs[index - 1] = pairs[index]
            }
            ends[count] = ends[count + 1]
            pairs[count - 1] = MergeScratch.noPair
            if best + 1 < count {
                pairs[best] = pair(ids[best], ids[best + 1], ends[best]..<ends[best + 2])
            }
            if best > 0 {
                pairs[best - 1] = pair(
                    ids[best - 1], ids[best], ends[best - 1]..<ends[best + 1])
            }
        }
        scratch.clear()
        for index in 0..<count {
            scratch.ids.append(ids[index])
            scratch.ends.append(ends[index + 1])
        }
    }

    /// Merges with a queue of pairs: O(n log n).
    private func mergeMany(_ start: Int, _ scratch: inout MergeScratch) {
        let count = scratch.ids.count
        scratch.queue.removeAll()
        scratch.pairs = Array(repeating: MergeScratch.noPair, count: count)
        scratch.next = (0..<count).map { $0 == count - 1 ? -1 : Int32($0 + 1) }
        scratch.previous = (0..<count).map { Int32($0 - 1) }
        for left in 0..<count - 1 { enqueue(left, start, &scratch) }
        while let entry = scratch.queue.pop() {
            let left = Int(entry & 0xFFFF_FFFF)
            // Stale: the pair was merged or replaced since it was queued.
            guard scratch.pairs[left] != MergeScratch.noPair,
                scratch.pairs[left] >> 32 == entry >> 32
            else { continue }
            let right = Int(scratch.next[left])
            scratch.ids[left] = UInt32(truncatingIfNeeded: scratch.pairs[left])
            scratch.ends[left] = scratch.ends[right]
            scratch.pairs[right] = MergeScratch.noPair
            let after = scratch.next[right]
            scratch.next[left] = after
            if after >= 0 { scratch.previous[Int(after)] = Int32(left) }
            enqueue(left, start, &scratch)
            if scratch.previous[left] >= 0 { enqueue(Int(scratch.previous[left]), start, &scratch) }
        }
        // The symbols that are left, moved together.
        var kept = 0
        var index = 0
        while index >= 0 {
            scratch.ids[kept] = scratch.ids[index]
            scratch.ends[kept] = scratch.ends[index]
            kept += 1
            index = Int(scratch.next[index])
        }
        scratch.ids.removeLast(count - kept)
        scratch.ends.removeLast(count - kept)
    }

    /// Looks up the pair that a symbol makes with its next one, and queues it.
    private func enqueue(_ left: Int, _ start: Int, _ scratch: inout MergeScratch) {
        let right = scratch.next[left]
        guard right >= 0 else {
            scratch.pairs[left] = MergeScratch.noPair
            return
        }
        let previous = scratch.previous[left]
        let begin = previous < 0 ? start : scratch.ends[Int(previous)]
        let pair = pair(
            scratch.ids[left], scratch.ids[Int(right)], begin..<scratch.ends[Int(right)])
        scratch.pairs[left] = pair
        if pair != MergeScratch.noPair { scratch.queue.push(pair & ~0xFFFF_FFFF | UInt64(left)) }
    }

    /// Appends the symbols' tokens; what has no token becomes byte tokens or the unknown token.
    private func emit(_ start: Int, _ scratch: borrowing MergeScratch, to output: inout [TokenID]) {
        var begin = start
        var afterUnknown = false
        for (index, id) in scratch.ids.enumerated() {
            let end = scratch.ends[index]
            if id != MergeModel.noToken {
                output.append(TokenID(id))
                afterUnknown = false
            } else if (begin..<end).allSatisfy({ hasByteToken(text[$0]) }) {
                for byte in begin..<end {
                    output.append(TokenID(model.byteTokens[Int(text[byte])]))
                }
                afterUnknown = false
            } else {
                if model.unknown != MergeModel.noToken, !(afterUnknown && model.fusesUnknown) {
                    output.append(TokenID(model.unknown))
                }
                afterUnknown = true
            }
            begin = end
        }
    }

    private func hasByteToken(_ byte: UInt8) -> Bool {
        model.byteTokens[Int(byte)] != MergeModel.noToken
    }
}
