import Tensors
import TestSupport
import Testing

@testable import QuireModels

/// The file of packed weights: what it gives back is what was written, or nothing.
struct PanelFileTests {
    static let byteCount = 320
    static let identity = PanelFile.Identity(model: 0xA0DE1, packing: 0x9AC, byteCount: byteCount)

    let folder: TemporaryFolder
    let pool = WorkerPool(threads: 1)
    let panels: PanelMemory

    init() throws {
        folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 5)
        let bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        let path = try folder.write("bytes", bytes)
        panels = try PanelMemory(
            file: MappedFile(path: path), offset: 0, count: Self.byteCount)
    }

    /// The bytes of a whole file.
    private func written() throws -> [UInt8] {
        let storage = MemoryStorage()
        try PanelFile.write(panels, Self.identity, to: storage, pool: pool, part: 100)
        return storage.bytes
    }

    /// The panels of a file of these bytes; otherwise what is wrong with it.
    private func open(
        _ bytes: [UInt8], _ identity: PanelFile.Identity = identity
    ) throws -> (panels: [UInt8]?, fault: String?) {
        switch PanelFile.open(try folder.write("file", bytes), identity, pool: pool) {
        case .panels(let memory): (memory.copy(0..<memory.count), nil)
        case .nothing: (nil, nil)
        case .useless(let fault): (nil, fault)
        }
    }

    @Test func `panels come back as they were written, from a page of memory on`() throws {
        let bytes = try written()
        #expect(bytes.count == 4096 + Self.byteCount)
        #expect(try open(bytes).panels == panels.copy(0..<Self.byteCount))
        #expect(Array(bytes[4096...]) == panels.copy(0..<Self.byteCount))
    }

    @Test func `a change of any one byte is noticed`() throws {
        let bytes = try written()
        // Of the zeros after the header a sample.
        let places = Array(0..<72) + stride(from: 72, to: 4096, by: 61) + (4090..<bytes.count)
        for place in places {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            let found = try open(damaged)
            #expect(found.panels == nil && found.fault != nil, "byte \(place)")
        }
    }

    @Test func `a file that was cut anywhere, or goes on, is noticed`() throws {
        let bytes = try written()
        // An empty file cannot be mapped, and is another case.
        for count in [0, 1, 7, 8, 40, 55, 56, 4095, 4096, 4097, 4159] + Array(4400..<bytes.count) {
            let found = try open(Array(bytes[..<count]))
            #expect(found.panels == nil && found.fault != nil, "\(count) bytes")
        }
        #expect(try open(bytes + [0]).fault != nil)
    }

    @Test func `a file of another model, processor or version says so`() throws {
        let bytes = try written()
        var other = Self.identity
        other.model += 1
        #expect(try open(bytes, other).fault?.contains("another model") == true)
        other = Self.identity
        other.packing += 1
        #expect(try open(bytes, other).fault?.contains("another processor") == true)
        other = Self.identity
        other.byteCount -= 64
        #expect(try open(bytes, other).fault != nil)
        var newer = bytes
        newer[8] += 1
        #expect(try open(newer).fault?.contains("another version") == true)
        #expect(try open(Array("my thesis".utf8)).fault != nil)
        let foreign = Array(repeating: UInt8(ascii: "x"), count: bytes.count)
        #expect(try open(foreign).fault?.contains("no file of packed weights") == true)
    }

    @Test func `a folder or nothing at the path is no file`() throws {
        guard
            case .nothing = PanelFile.open(
                folder.path("missing"), Self.identity, pool: pool)
        else {
            Issue.record("a file was found")
            return
        }
        guard case .useless = PanelFile.open(folder.path, Self.identity, pool: pool) else {
            Issue.record("a folder was taken for a file")
            return
        }
    }

    @Test func `whichever write fails, and wherever, what is there counts for nothing`() throws {
        // Four parts of the panels, and the header.
        for write in 0..<5 {
            for torn in [0, 1, 48, 55] {
                let storage = MemoryStorage(try written(), failure: (write, torn))
                var other = Self.identity
                other.model += 1
                #expect(throws: TensorError.self) {
                    try PanelFile.write(panels, other, to: storage, pool: pool, part: 100)
                }
                // Neither as what was being written nor as what was there before.
                #expect(try open(storage.bytes, other).panels == nil, "write \(write)")
                #expect(try open(storage.bytes).panels == nil, "write \(write)")
            }
        }
        let storage = MemoryStorage(failure: (5, 0))
        try PanelFile.write(panels, Self.identity, to: storage, pool: pool, part: 100)
        #expect(try open(storage.bytes).panels != nil)
    }
}
