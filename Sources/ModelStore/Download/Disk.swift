import Foundation

/// The disk as downloads use it; tests put a full one in its place.
protocol Disk: Sendable {
    /// Bytes that can still be written in a folder; nil when that is not known.
    func freeBytes(in folder: String) -> Int?
    /// Opens a file that exists, for writing.
    func open(_ path: String) throws(ModelStoreError) -> any DiskFile
}

/// A file that is written at given offsets.
protocol DiskFile {
    func write(_ bytes: [UInt8], at offset: Int) throws(ModelStoreError)
    /// Waits until what was written would survive a loss of power.
    func synchronize() throws(ModelStoreError)
    func close()
}

/// The machine's file system.
struct LocalDisk: Disk {
    func freeBytes(in folder: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    func open(_ path: String) throws(ModelStoreError) -> any DiskFile {
        do {
            return LocalFile(
                path: path, handle: try FileHandle(forUpdating: URL(fileURLWithPath: path)))
        } catch {
            throw ModelStoreError.writing(path, error)
        }
    }

    /// Makes a file, empty if it was there already.
    static func createEmpty(_ path: String) throws(ModelStoreError) {
        do {
            try Data().write(to: URL(fileURLWithPath: path))
        } catch {
            throw ModelStoreError.writing(path, error)
        }
    }

    /// Makes a folder and those above it.
    static func createFolder(_ path: String) throws(ModelStoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ModelStoreError(
                .fileSystem, "The folder \(path) cannot be made: \(SystemReason.text(error)).")
        }
    }
}

private struct LocalFile: DiskFile {
    let path: String
    let handle: FileHandle

    func write(_ bytes: [UInt8], at offset: Int) throws(ModelStoreError) {
        do {
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: bytes)
        } catch {
            throw ModelStoreError.writing(path, error)
        }
    }

    func synchronize() throws(ModelStoreError) {
        do {
            try handle.synchronize()
        } catch {
            throw ModelStoreError.writing(path, error)
        }
    }

    func close() {
        try? handle.close()
    }
}

extension ModelStoreError {
    /// The error for a write that failed: a full disk is told apart from the rest.
    static func writing(_ path: String, _ error: any Error) -> ModelStoreError {
        let full = [POSIXErrorCode.ENOSPC, .EDQUOT].map(\.rawValue)
        if let number = SystemReason.number(of: error), full.contains(number) {
            return ModelStoreError(
                .diskFull, "The disk is full: \(path) cannot grow (\(SystemReason.text(error))).")
        }
        return ModelStoreError(
            .fileSystem, "\(path) cannot be written: \(SystemReason.text(error)).")
    }
}
