import Synchronization

@testable import ModelStore

/// A disk with room for so many more bytes.
final class FullDisk: Disk {
    private let room: Mutex<Int>
    private let announced: Int?

    /// - Parameter announced: what the disk says is free; nil: it does not say.
    init(room: Int, announced: Int? = nil) {
        self.room = Mutex(room)
        self.announced = announced
    }

    func freeBytes(in folder: String) -> Int? { announced }

    func open(_ path: String) throws(ModelStoreError) -> any DiskFile {
        LimitedFile(file: try LocalDisk().open(path), disk: self)
    }

    fileprivate func take(_ count: Int) -> Bool {
        room.withLock { room in
            guard room >= count else { return false }
            room -= count
            return true
        }
    }
}

private struct LimitedFile: DiskFile {
    let file: any DiskFile
    let disk: FullDisk

    func write(_ bytes: [UInt8], at offset: Int) throws(ModelStoreError) {
        guard disk.take(bytes.count) else {
            throw ModelStoreError(.diskFull, "The disk is full.")
        }
        try file.write(bytes, at: offset)
    }

    func synchronize() throws(ModelStoreError) { try file.synchronize() }

    func close() { file.close() }
}
