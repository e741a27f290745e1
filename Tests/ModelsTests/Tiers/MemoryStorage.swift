import Synchronization
import Tensors

/// A file in memory that fails when it is told to.
final class MemoryStorage: PageStorage {
    struct State {
        var bytes: [UInt8]
        var writes = 0
        /// The number of the write, from 0, that fails, and how many of its bytes get through.
        var failure: (write: Int, torn: Int)?
        var readsFail = false
    }

    let state: Mutex<State>

    init(_ bytes: [UInt8] = [], failure: (write: Int, torn: Int)? = nil) {
        state = Mutex(State(bytes: bytes, failure: failure))
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }

    func byteCount() -> Int { bytes.count }

    func read(_ count: Int, at offset: Int) throws(TensorError) -> [UInt8] {
        let (bytes, fails) = state.withLock { ($0.bytes, $0.readsFail) }
        guard !fails, offset + count <= bytes.count else {
            throw TensorError(.fileUnreadable, "the file ends here")
        }
        return Array(bytes[offset..<offset + count])
    }

    func readPage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError) {
        arena.setBytes(try read(arena.pageBytes, at: offset), page: page)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(TensorError) {
        let done = state.withLock { state in
            defer { state.writes += 1 }
            let isBroken = state.failure.map { $0.write <= state.writes } ?? false
            let torn = state.failure?.write == state.writes ? state.failure?.torn ?? 0 : 0
            let part = isBroken ? bytes.prefix(torn) : bytes[...]
            let missing = offset + part.count - state.bytes.count
            if missing > 0 { state.bytes += [UInt8](repeating: 0, count: missing) }
            state.bytes.replaceSubrange(offset..<offset + part.count, with: part)
            return !isBroken
        }
        guard done else { throw TensorError(.fileUnwritable, "the disk is full") }
    }

    func writePage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError) {
        try write(arena.bytes(page: page), at: offset)
    }

    func truncate(to count: Int) { state.withLock { $0.bytes.removeLast($0.bytes.count - count) } }
}
