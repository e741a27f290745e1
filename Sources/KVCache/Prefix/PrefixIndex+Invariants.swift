extension PrefixIndex {
    /// Traps unless nodes, chains, blocks and counts agree.
    ///
    /// - Complexity: O(nodes + blocks): for tests.
    package func checkInvariants() {
        var free = 0
        var isFree = Array(repeating: false, count: nodes.count)
        var cursor = firstFree
        while cursor != .none {
            precondition(!isFree[cursor.index], "the free slots run in a circle")
            isFree[cursor.index] = true
            free += 1
            cursor = nodes[cursor.index].nextByKey
        }
        precondition(free + nodeCount == nodes.count, "a node is lost")
        checkNodes(isFree)
        checkChains(isFree)
        checkBlocks()
    }

    private func checkNodes(_ isFree: [Bool]) {
        var children = Array(repeating: 0, count: nodes.count)
        var liveChildren = children
        var holds = 0
        for (slot, node) in nodes.enumerated() where !isFree[slot] {
            if node.parent != .none {
                precondition(!isFree[node.parent.index], "a parent is gone before its child")
                children[node.parent.index] += 1
                if node.firstBlock != .null { liveChildren[node.parent.index] += 1 }
            }
        }
        precondition(roots.count == scopes.count, "scopes and roots differ")
        for (slot, node) in nodes.enumerated() where !isFree[slot] {
            precondition(children[slot] <= Int(node.keepers), "node \(slot) miscounts children")
            holds += Int(node.keepers) - children[slot]
            precondition(
                liveChildren[slot] == Int(node.liveChildren), "node \(slot) miscounts live children"
            )
            let isRoot = node.parent == .none
            let isNamed = slot == 0 || scopes[PrefixNode(rawValue: UInt32(slot))] != nil
            precondition(isRoot == isNamed, "node \(slot) has neither parent nor scope")
            precondition(
                slot == 0 || node.firstBlock != .null || node.keepers > 0,
                "nothing keeps node \(slot) alive")
        }
        precondition(holds == holdCount, "holds do not add up")
    }

    private func checkChains(_ isFree: [Bool]) {
        var inKeyChains = 0
        for (bucket, head) in byKey.enumerated() {
            var previous = PrefixNode.none
            var cursor = head
            while cursor != .none {
                let node = nodes[cursor.index]
                precondition(!isFree[cursor.index], "a free node can be found")
                precondition(node.previousByKey == previous, "key chains disagree")
                precondition(self.bucket(node.key.low, of: byKey.count) == bucket, "wrong bucket")
                inKeyChains += 1
                previous = cursor
                cursor = node.nextByKey
            }
        }
        var inTokenChains = 0
        for (bucket, head) in byToken.enumerated() {
            var previous = PrefixNode.none
            var cursor = head
            while cursor != .none {
                let node = nodes[cursor.index]
                precondition(node.previousByToken == previous, "token chains disagree")
                precondition(
                    tokenBucket(node.parent, tokens[cursor.index * blockSize]) == bucket,
                    "wrong bucket")
                inTokenChains += 1
                previous = cursor
                cursor = node.nextByToken
            }
        }
        let linked = nodeCount - 1 - roots.count
        precondition(inKeyChains == linked && inTokenChains == linked, "a node cannot be found")
    }

    private func checkBlocks() {
        precondition(blocks[0].node == .none, "the null block is registered")
        var reached = 0
        for (slot, node) in nodes.enumerated() where node.firstBlock != .null {
            forEachBlock(of: PrefixNode(rawValue: UInt32(slot))) { block in
                let record = blocks[block.index]
                precondition(record.node.index == slot, "block \(block) holds another node")
                precondition(blocks[record.next.index].previous == block, "circles disagree")
                reached += 1
            }
        }
        precondition(reached == blockCount, "a registered block cannot be found")
        precondition(blocks.count { $0.node != .none } == blockCount, "blocks do not add up")
    }
}
