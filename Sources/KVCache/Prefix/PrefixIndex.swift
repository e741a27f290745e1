import QuireIdentifiers

/// What is cached: a tree of logical prefixes, and the blocks that hold each of them.
///
/// A *node* is a full block's worth of tokens after its parent node; the root of a scope stands for
/// the empty prefix. A node lives while blocks hold it, while children continue it, or while it is
/// kept by a tier or by a sequence whose last committed block it is. So a node's parent always
/// lives, and "the same parent node, the same tokens" means the same prefix exactly: the hash finds
/// nodes and proves nothing.
///
/// Duplicates of one content are not merged (two requests that computed the same prompt at once):
/// a node has a list of its blocks, of all cache groups, the first registered first.
///
/// One record for a node (48 bytes) and one for a block (16 bytes), because a lookup reads most of
/// a record and so misses the processor's cache once; with the two tables 70 bytes a block, and
/// the tokens.
package struct PrefixIndex: Sendable {
    struct Node: Sendable {
        var key = BlockKey(high: 0, low: 0)
        var parent = PrefixNode.none
        /// What keeps it alive besides blocks: nodes that continue it, and holds.
        var keepers: UInt32 = 0
        /// The nodes that continue it and have blocks.
        var liveChildren: UInt32 = 0
        /// The chain of the bucket of its key; of free slots, through `nextByKey`.
        var nextByKey = PrefixNode.none
        var previousByKey = PrefixNode.none
        /// The chain of the bucket of its parent and first token, most recent first.
        var nextByToken = PrefixNode.none
        var previousByToken = PrefixNode.none
        /// The first of its blocks, or the null block.
        var firstBlock = BlockID.null
    }

    struct Block: Sendable {
        var node = PrefixNode.none
        /// A circle over the node's blocks.
        var next = BlockID.null
        var previous = BlockID.null
        var group: UInt16 = 0
        /// Whether the step being planned writes it.
        var isPending = false
    }

    let blockSize: Int
    var nodes: [Node]
    var blocks: [Block]
    var tokens: [TokenID]
    var byKey: [PrefixNode]
    var byToken: [PrefixNode]
    var firstFree: PrefixNode
    var roots: [PrefixScope: PrefixNode] = [:]
    var scopes: [PrefixNode: PrefixScope] = [:]

    /// Nodes that live, the shared root included.
    package internal(set) var nodeCount = 1

    /// Blocks that are registered.
    package internal(set) var blockCount = 0

    /// How many hold nodes besides blocks and children.
    package internal(set) var holdCount = 0

    /// How often a block was unregistered: a match made before is out of date.
    var removals: UInt64 = 0

    /// An empty index.
    ///
    /// - Parameters:
    ///   - blocks: blocks that may be registered, the null block included.
    ///   - nodes: nodes besides the shared root.
    package init(blocks: Int, nodes: Int, blockSize: Int) {
        precondition(nodes < Int(PrefixNode.none.rawValue), "more nodes than numbers")
        self.blockSize = blockSize
        self.blocks = Array(repeating: Block(), count: blocks)
        self.nodes = Array(repeating: Node(), count: nodes + 1)
        tokens = Array(repeating: 0, count: (nodes + 1) * blockSize)
        byKey = Array(repeating: .none, count: max(1, nodes))
        byToken = Array(repeating: .none, count: max(1, nodes / 2))
        firstFree = .none
        for slot in stride(from: nodes, to: 0, by: -1) {
            self.nodes[slot].nextByKey = firstFree
            firstFree = PrefixNode(rawValue: UInt32(slot))
        }
    }
}

// MARK: - Nodes

extension PrefixIndex {
    /// The root of a scope; none when nothing of it is cached.
    func root(of scope: PrefixScope) -> PrefixNode {
        scope == .shared ? .sharedRoot : roots[scope] ?? .none
    }

    /// The root of a scope, made if need be; none when there is no free slot.
    mutating func makeRoot(of scope: PrefixScope) -> PrefixNode {
        let known = root(of: scope)
        guard known == .none, let node = takeSlot() else { return known }
        nodes[node.index] = Node()
        roots[scope] = node
        scopes[node] = scope
        return node
    }

    /// The scope that a node belongs to. O(depth).
    func scope(of node: PrefixNode) -> PrefixScope {
        guard !scopes.isEmpty else { return .shared }
        var node = node
        while nodes[node.index].parent != .none { node = nodes[node.index].parent }
        return scopes[node] ?? .shared
    }

    /// The child of `parent` with the block of tokens at `position`, found by its key.
    func child(
        of parent: PrefixNode, _ key: BlockKey, _ text: [TokenID], at position: Int
    ) -> PrefixNode {
        var cursor = byKey[bucket(key.low, of: byKey.count)]
        while cursor != .none {
            let node = nodes[cursor.index]
            if node.key == key, node.parent == parent,
                commonRun(cursor, text, at: position, atMost: blockSize) == blockSize
            {
                return cursor
            }
            cursor = node.nextByKey
        }
        return .none
    }

    /// How many tokens of a node's block are those of `text` from `position` on.
    func commonRun(
        _ node: PrefixNode, _ text: [TokenID], at position: Int, atMost limit: Int
    ) -> Int {
        let start = node.index * blockSize
        var run = 0
        while run < limit, tokens[start + run] == text[position + run] { run += 1 }
        return run
    }

    /// Adds the child of `parent` with the block of tokens at `position`; none when there is no
    /// free slot.
    mutating func makeChild(
        of parent: PrefixNode, _ key: BlockKey, _ text: [TokenID], at position: Int
    ) -> PrefixNode {
        guard let node = takeSlot() else { return .none }
        nodes[node.index] = Node(key: key, parent: parent)
        for offset in 0..<blockSize {
            tokens[node.index * blockSize + offset] = text[position + offset]
        }
        nodes[parent.index].keepers += 1
        link(node)
        return node
    }

    /// Keeps a node alive.
    mutating func hold(_ node: PrefixNode) {
        nodes[node.index].keepers += 1
        holdCount += 1
    }

    /// Lets go of a node that was held.
    mutating func unhold(_ node: PrefixNode) {
        precondition(nodes[node.index].keepers > 0, "a node is let go of twice")
        nodes[node.index].keepers -= 1
        holdCount -= 1
        prune(node)
    }

    /// Removes a node that nothing keeps alive, and so its ancestors.
    mutating func prune(_ node: PrefixNode) {
        var node = node
        while node != .sharedRoot, node != .none {
            let record = nodes[node.index]
            guard record.firstBlock == .null, record.keepers == 0 else {
                return
            }
            if record.parent == .none {
                if let scope = scopes.removeValue(forKey: node) { roots[scope] = nil }
            } else {
                unlink(node)
                nodes[record.parent.index].keepers -= 1
            }
            nodes[node.index] = Node(nextByKey: firstFree)
            firstFree = node
            nodeCount -= 1
            node = record.parent
        }
    }

    private mutating func takeSlot() -> PrefixNode? {
        guard firstFree != .none else { return nil }
        let node = firstFree
        firstFree = nodes[node.index].nextByKey
        nodeCount += 1
        return node
    }

    func bucket(_ hash: UInt64, of count: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(count)).high)
    }

    func tokenBucket(_ parent: PrefixNode, _ token: TokenID) -> Int {
        let word = UInt64(parent.rawValue) << 32 | UInt64(token.rawValue)
        let mixed = (word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return bucket((mixed.high ^ mixed.low) &* 0xA076_1D64_78BD_642F, of: byToken.count)
    }

    private mutating func link(_ node: PrefixNode) {
        let keyBucket = bucket(nodes[node.index].key.low, of: byKey.count)
        let afterByKey = byKey[keyBucket]
        nodes[node.index].nextByKey = afterByKey
        if afterByKey != .none { nodes[afterByKey.index].previousByKey = node }
        byKey[keyBucket] = node

        let tokenBucket = tokenBucket(
            nodes[node.index].parent, tokens[node.index * blockSize])
        let afterByToken = byToken[tokenBucket]
        nodes[node.index].nextByToken = afterByToken
        if afterByToken != .none { nodes[afterByToken.index].previousByToken = node }
        byToken[tokenBucket] = node
    }

    private mutating func unlink(_ node: PrefixNode) {
        let record = nodes[node.index]
        if record.nextByKey != .none {
            nodes[record.nextByKey.index].previousByKey = record.previousByKey
        }
        if record.previousByKey != .none {
            nodes[record.previousByKey.index].nextByKey = record.nextByKey
        } else {
            byKey[bucket(record.key.low, of: byKey.count)] = record.nextByKey
        }
        if record.nextByToken != .none {
            nodes[record.nextByToken.index].previousByToken = record.previousByToken
        }
        if record.previousByToken != .none {
            nodes[record.previousByToken.index].nextByToken = record.nextByToken
        } else {
            let bucket = tokenBucket(record.parent, tokens[node.index * blockSize])
            byToken[bucket] = record.nextByToken
        }
    }
}
