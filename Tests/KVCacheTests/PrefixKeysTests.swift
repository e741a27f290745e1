import QuireIdentifiers
import TestSupport
import Testing

@testable import KVCache

/// Rows B1 to B3, B7, B8 and B10. The rows about images and prompt embeddings (B4 to B6, B9, B11)
/// have no equal here: prompts are tokens.
@Suite struct `The keys of blocks` {
    private let hasher = KeyHasher(seed: 42)

    private func cache(seed: UInt64? = 42) throws -> PagedCache {
        try makeCache(
            [.full], blockSize: 3, blocks: 20, length: 16,
            configuration: CacheConfiguration(seed: seed))
    }

    /// B1
    @Test func `the root depends on the seed, which is random unless one is given`() throws {
        let scope = PrefixScope.shared
        #expect(hasher.root(scope) == KeyHasher(seed: 42).root(scope))
        #expect(hasher.root(scope) != KeyHasher(seed: 43).root(scope))
        #expect(hasher.root(scope) != BlockKey(high: 0, low: 0))
        let caches = try (0..<2).map { _ in try cache(seed: nil) }
        #expect(caches[0].hasher.root(scope) != caches[1].hasher.root(scope))
    }

    /// B2, B3
    @Test func `each full block is chained to the one before it`() throws {
        let cache = try cache()
        var keys = PrefixKeys()
        cache.extend(&keys, over: tokens(0..<6))
        let first = hasher.key(after: hasher.root(.shared), tokens(0..<6), from: 0, count: 3)
        let second = hasher.key(after: first, tokens(0..<6), from: 3, count: 3)
        #expect(keys.keys == [first, second])
        #expect(first != second)

        cache.extend(&keys, over: tokens(0..<8))
        #expect(keys.keys.count == 2, "only full blocks have keys")
        cache.extend(&keys, over: tokens(0..<9))
        #expect(keys.keys.count == 3)
        #expect(keys.keys[2] == hasher.key(after: second, tokens(0..<9), from: 6, count: 3))
    }

    /// B2: what changes a block changes its key and those of all later blocks.
    @Test func `one token changes a key and all that follow`() throws {
        let cache = try cache()
        let text = tokens(0..<15)
        var keys = PrefixKeys()
        cache.extend(&keys, over: text)
        for place in text.indices {
            var other = text
            other[place] = 77
            var otherKeys = PrefixKeys()
            cache.extend(&otherKeys, over: other)
            for block in 0..<5 {
                #expect((keys.keys[block] == otherKeys.keys[block]) == (block < place / 3))
            }
        }
    }

    /// B7, B8 (the tagged form)
    @Test func `a salt is no adapter`() {
        let scopes = [
            PrefixScope.shared, PrefixScope(salt: "a"), PrefixScope(adapter: "a"),
            PrefixScope(salt: "a", adapter: "a"), PrefixScope(salt: "b"), PrefixScope(salt: ""),
            PrefixScope(adapter: ""), PrefixScope(salt: "ab"), PrefixScope(salt: "a", adapter: "b"),
        ]
        #expect(Set(scopes.map(hasher.root)).count == scopes.count)
    }

    /// B7, B8: the scope is in the root, and by the chain in every block.
    @Test func `an adapter or a salt changes the key of every block`() throws {
        let cache = try cache()
        let scopes = [PrefixScope.shared, PrefixScope(adapter: "a"), PrefixScope(salt: "a")]
        let all = scopes.map { scope in
            var keys = PrefixKeys(scope: scope)
            cache.extend(&keys, over: tokens(0..<15))
            return keys.keys
        }
        #expect(all.map(\.count) == [5, 5, 5])
        #expect(Set(all.joined()).count == 15)
    }

    /// B10
    @Test func `a salt separates what is cached`() throws {
        var cache = try makeCache([.full], blockSize: 16, blocks: 21, length: 16)
        let salted = PrefixScope(salt: "salt1")
        let prompt = common + repeated(3, 11)
        var first = try cache.start(prompt, scope: salted)
        #expect(first.keys.keys.count == 3)
        #expect(first.ids() == [1, 2, 3, 4])
        #expect(cache.append(repeated(8, 5), to: &first))
        #expect(first.keys.keys.count == 4, "a key and no new block")
        #expect(first.ids() == [1, 2, 3, 4])

        let same = try cache.start(prompt, scope: salted)
        #expect(same.match.fullBlocks == 3)
        #expect(same.match.tokens == 58, "48 and the 10 that the last block may give")
        let other = try cache.start(prompt, scope: PrefixScope(salt: "salt2"))
        #expect(other.match.tokens == 0)
        #expect(other.keys.keys[0] != first.keys.keys[0])
        let shared = try cache.start(prompt)
        #expect(shared.match.tokens == 0)
        cache.checkInvariants(
            sequences: [first.blocks, same.blocks, other.blocks, shared.blocks])
    }

    @Test func `scopes that nothing is cached in leave nothing behind`() throws {
        var cache = try cache()
        for tenant in 0..<100 {
            var running = try cache.start(
                tokens(0..<12), scope: PrefixScope(salt: "tenant \(tenant)"))
            cache.stop(&running)
            cache.checkInvariants(sequences: [])
            #expect(cache.index.roots.count <= 5)
        }
        let reset = cache.reset()
        #expect(reset)
        #expect(cache.index.roots.isEmpty)
    }

    @Test func `blocks that differ in a token have different keys`() {
        var random = SeededGenerator(seed: 3)
        var seen: Set<BlockKey> = []
        var text = Array(repeating: TokenID(0), count: 16)
        for round in 0..<20_000 as Range<UInt32> {
            // Texts that differ in a bit or two, which a weak hash confuses.
            text[Int(round % 16)] = TokenID(1 << (round % 32))
            text[Int.random(in: 0..<16, using: &random)] = TokenID(round)
            seen.insert(hasher.key(after: hasher.root(.shared), text, from: 0, count: 16))
        }
        #expect(seen.count == 20_000)
        #expect(Set(seen.map { $0.low >> 40 }).count > 19_000, "the bits are spread")
    }
}
