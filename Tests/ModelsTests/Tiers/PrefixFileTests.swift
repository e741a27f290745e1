import KVCache
import QuireIdentifiers
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// The file of the prefix cache: what it gives back is what was written, or nothing.
struct PrefixFileTests {
    static let layout = PrefixFile.Layout(
        fingerprint: 0xF1_0E, blockSize: 4, pageBytes: 64, groups: 2)

    let arena: KVArena

    init() throws {
        arena = try KVArena(pages: 8, pageBytes: 64, element: .f16)
        for page in 0..<3 {
            arena.setBytes(
                (0..<64).map { UInt8(truncatingIfNeeded: $0 * 3 + page * 50) }, page: page)
        }
    }

    private func record(_ number: Int) -> TierRecord {
        let scope = number == 1 ? PrefixScope(salt: "s\u{1F511}", adapter: nil) : .shared
        return TierRecord(
            key: BlockKey(high: UInt64(number) << 40, low: 99), serial: UInt64(number + 1),
            parent: UInt64(number), group: number % 2, scope: scope,
            tokens: (0..<4).map { TokenID(UInt32(1000 * number + $0)) })
    }

    private func open(
        _ storage: MemoryStorage, _ layout: PrefixFile.Layout = layout, capacity: Int = 8
    ) throws -> (file: PrefixFile, records: [Int: TierRecord], opening: PrefixFile.Opening) {
        try PrefixFile.open(storage, layout: layout, capacity: capacity, fresh: (17, 18))
    }

    /// The bytes of a file with three records.
    private func written() throws -> [UInt8] {
        let storage = MemoryStorage()
        let file = try open(storage).file
        for number in 0..<3 {
            try file.write(record(number), at: number, page: number, of: arena)
        }
        return storage.bytes
    }

    /// How many of the three records a file gives back; whatever it gives is right.
    private func readable(
        _ storage: MemoryStorage, _ layout: PrefixFile.Layout = layout
    ) throws -> Int {
        let (file, records, _) = try open(storage, layout)
        var count = 0
        for (number, found) in records {
            #expect(number < 3 && found == record(number))
            let isRead = (try? file.read(found, at: number, page: 7, of: arena)) ?? false
            guard isRead else { continue }
            count += 1
            #expect(arena.bytes(page: 7) == arena.bytes(page: number))
        }
        return count
    }

    @Test func `records come back with all that was said of them`() throws {
        let storage = MemoryStorage(try written())
        let (file, records, opening) = try open(storage)
        #expect(opening == .reopened && file.header.seed == 17)
        #expect(records == [0: record(0), 1: record(1), 2: record(2)])
        #expect(try readable(storage) == 3)
        // A record that is asked for as another block is not given.
        #expect(try !file.read(record(2), at: 1, page: 7, of: arena))
        var other = record(1)
        other.tokens[3] = 0
        #expect(try !file.read(other, at: 1, page: 7, of: arena))
    }

    @Test func `a record that is written again is the new one`() throws {
        let storage = MemoryStorage(try written())
        let file = try open(storage).file
        try file.write(record(2), at: 0, page: 2, of: arena)
        let (again, records, _) = try open(storage)
        #expect(records[0] == record(2))
        #expect(try again.read(record(2), at: 0, page: 7, of: arena))
        #expect(arena.bytes(page: 7) == arena.bytes(page: 2))
    }

    @Test func `a change of any one byte is noticed`() throws {
        let bytes = try written()
        let recordBytes = PrefixFile.recordBytes(Self.layout)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            let storage = MemoryStorage(damaged)
            if place < PrefixFile.Header.frame.magic.count {
                #expect(throws: TensorError.self) { _ = try open(storage) }
                #expect(storage.bytes == damaged)
            } else if place < PrefixFile.Header.byteCount {
                #expect(try open(storage).opening == .rebuilt)
                #expect(try readable(storage) == 0)
            } else {
                #expect(try readable(storage) == 2, "byte \(place % recordBytes) of a record")
            }
        }
    }

    @Test func `a file that was cut anywhere gives what is whole`() throws {
        let bytes = try written()
        let recordBytes = PrefixFile.recordBytes(Self.layout)
        for count in 0..<bytes.count {
            let storage = MemoryStorage(Array(bytes[..<count]))
            let whole = max(0, count - PrefixFile.Header.byteCount) / recordBytes
            #expect(try readable(storage) == (count < PrefixFile.Header.byteCount ? 0 : whole))
        }
    }

    @Test func `a file of another model, layout or version begins again`() throws {
        let bytes = try written()
        var layouts = Array(repeating: Self.layout, count: 4)
        layouts[0].fingerprint += 1
        layouts[1].blockSize = 8
        layouts[2].pageBytes = 128
        layouts[3].groups = 3
        for layout in layouts {
            let storage = MemoryStorage(bytes)
            let (file, records, opening) = try open(storage, layout)
            #expect(opening == .rebuilt && records.isEmpty && file.layout == layout)
            #expect(storage.bytes.count == PrefixFile.Header.byteCount)
            #expect(try open(storage, layout).opening == .reopened)
        }
        var older = bytes
        older[8] = 0
        #expect(try open(MemoryStorage(older)).opening == .rebuilt)
    }

    @Test func `a file that is no cache is left as it is`() throws {
        let storage = MemoryStorage(Array("my thesis".utf8))
        #expect(throws: TensorError.self) { _ = try open(storage) }
        #expect(storage.bytes == Array("my thesis".utf8))
        #expect(try open(MemoryStorage()).opening == .created)
        #expect(try open(MemoryStorage(Array("Quire".utf8))).opening == .rebuilt)
    }

    @Test func `records of another file with the same layout do not pass`() throws {
        let bytes = try written()
        let storage = MemoryStorage()
        _ = try PrefixFile.open(storage, layout: Self.layout, capacity: 8, fresh: (17, 19))
        try storage.write(Array(bytes[PrefixFile.Header.byteCount...]), at: 4096)
        #expect(try readable(storage) == 0)
    }

    @Test func `records beyond the capacity are cut off`() throws {
        let storage = MemoryStorage(try written())
        #expect(try open(storage, capacity: 2).records.count == 2)
        #expect(try open(storage, capacity: 8).records.count == 2)
    }

    /// The writes of three records over three others fail at each point, with any part of the
    /// failing write done.
    @Test func `a write that fails anywhere leaves no wrong record`() throws {
        let bytes = try written()
        for failing in 0..<6 {
            for torn in [0, 1, 8, 20, 63, 64, 200, 335, 336] {
                let storage = MemoryStorage(bytes, failure: (failing, torn))
                let file = try open(storage).file
                for number in 0..<3 {
                    let next = (number + 1) % 3
                    try? file.write(record(next), at: number, page: next, of: arena)
                }
                storage.state.withLock { $0.failure = nil }
                let (again, records, _) = try open(storage)
                for (number, found) in records {
                    let isRead = try again.read(found, at: number, page: 7, of: arena)
                    let content = (0..<3).first { record($0) == found }
                    #expect(content != nil)
                    guard isRead, let content else { continue }
                    #expect(arena.bytes(page: 7) == arena.bytes(page: content))
                }
            }
        }
    }

    @Test func `random bytes after a right header are no records`() throws {
        var random = SeededGenerator(seed: 3)
        let header = Array(try written().prefix(PrefixFile.Header.byteCount))
        for _ in 0..<200 {
            let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(try readable(MemoryStorage(header + noise)) == 0)
        }
    }

    @Test func `a scope that is too long for a record is known beforehand`() {
        #expect(PrefixFile.fits(PrefixScope(salt: "a", adapter: "b")))
        let long = String(repeating: "x", count: 300)
        #expect(!PrefixFile.fits(PrefixScope(salt: long)))
        #expect(!PrefixFile.fits(PrefixScope(adapter: long)))
    }
}
