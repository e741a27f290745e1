import KVCache
import QuireThreads
import Tensors

/// Does the file tier's work on a thread of its own, so that a slow disk delays no step.
final class TierWorker: Sendable {
    let queue = TierQueue()
    private let thread: DedicatedThread?

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - file: where the records are.
    ///   - arena: the pages of blocks.
    ///   - host: the pages of host slots.
    /// - Throws: `ModelError.outOfMemory` if the system refuses a thread.
    init(_ file: PrefixFile, arena: KVArena, host: KVArena) throws(ModelError) {
        // The thread holds the queue and not the worker, whose end ends the thread.
        thread = DedicatedThread { [queue] in
            queue.serve { operation in
                guard operation.fitsRecord else { return false }
                let (record, number) = (operation.record, operation.number)
                switch operation.kind {
                case .write(let slot):
                    try file.write(record, at: number, page: slot, of: host)
                    return true
                case .save(let block):
                    let page = Int(block.rawValue)
                    try file.write(record, at: number, page: page, of: arena)
                    return true
                case .read(let slot):
                    return try file.read(record, at: number, page: slot, of: host)
                }
            }
        }
        if thread == nil {
            throw ModelError(.outOfMemory, "the system refuses a thread for the file tier")
        }
    }

    deinit {
        queue.stop()
        thread?.join()
    }
}

extension TierOperation {
    /// Whether a record has room for the scope of what is to be written.
    fileprivate var fitsRecord: Bool {
        switch kind {
        case .write, .save: PrefixFile.fits(record.scope)
        case .read: true
        }
    }
}
