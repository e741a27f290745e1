extension PrefixIndex {
    /// Whether a block can be hit.
    func isRegistered(_ block: BlockID) -> Bool { blocks[block.index].node != .none }

    /// Registers a block as one that holds a node in a cache group.
    ///
    /// - Returns: the parent of the node, if it has just got a child with blocks; else none.
    @discardableResult
    mutating func attach(
        _ block: BlockID, to node: PrefixNode, group: Int, isPending: Bool
    ) -> PrefixNode {
        precondition(block != .null, "the null block holds nothing")
        precondition(!isRegistered(block), "block \(block) is registered already")
        var record = Block(
            node: node, next: block, previous: block, group: UInt16(group), isPending: isPending)
        let first = nodes[node.index].firstBlock
        if first == .null {
            nodes[node.index].firstBlock = block
        } else {
            let last = blocks[first.index].previous
            record.next = first
            record.previous = last
            blocks[last.index].next = block
            blocks[first.index].previous = block
        }
        blocks[block.index] = record
        blockCount += 1
        guard first == .null else { return .none }
        let parent = nodes[node.index].parent
        if parent != .none { nodes[parent.index].liveChildren += 1 }
        return parent
    }

    /// Unregisters a block; its node stays, for the caller to `prune`.
    ///
    /// - Returns: the parent of the node, if it has just lost a child with blocks; else none.
    @discardableResult
    mutating func detach(_ block: BlockID) -> PrefixNode {
        let record = blocks[block.index]
        precondition(record.node != .none, "block \(block) is not registered")
        if record.next == block {
            nodes[record.node.index].firstBlock = .null
        } else {
            blocks[record.previous.index].next = record.next
            blocks[record.next.index].previous = record.previous
            if nodes[record.node.index].firstBlock == block {
                nodes[record.node.index].firstBlock = record.next
            }
        }
        blocks[block.index] = Block()
        blockCount -= 1
        removals &+= 1
        guard record.next == block else { return .none }
        let parent = nodes[record.node.index].parent
        if parent != .none { nodes[parent.index].liveChildren -= 1 }
        return parent
    }

    /// The first registered block of a node in a group; nil when there is none.
    ///
    /// - Parameter settled: passes over blocks that are not written yet.
    func block(of node: PrefixNode, group: Int, settled: Bool = false) -> BlockID? {
        let first = nodes[node.index].firstBlock
        guard first != .null else { return nil }
        var cursor = first
        repeat {
            let record = blocks[cursor.index]
            if Int(record.group) == group, !(settled && record.isPending) { return cursor }
            cursor = record.next
        } while cursor != first
        return nil
    }

    /// Another block, and one that is written, of the node and the group of a block; nil when
    /// there is none or the block is not registered.
    func duplicate(of block: BlockID) -> BlockID? {
        let record = blocks[block.index]
        guard record.node != .none else { return nil }
        var cursor = record.next
        while cursor != block {
            let other = blocks[cursor.index]
            if other.group == record.group, !other.isPending { return cursor }
            cursor = other.next
        }
        return nil
    }

    /// Calls `body` with each block of a node, the first registered first.
    func forEachBlock(of node: PrefixNode, _ body: (BlockID) -> Void) {
        let first = nodes[node.index].firstBlock
        guard first != .null else { return }
        var cursor = first
        repeat {
            let next = blocks[cursor.index].next
            body(cursor)
            cursor = next
        } while cursor != first
    }
}
