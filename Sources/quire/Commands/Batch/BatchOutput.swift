import Conversation
import Foundation
import QuireJSON
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A batch's output: results, one a line, in the order in which they came.
///
/// A line is written whole and only appended to. What an interruption leaves is therefore complete
/// lines and at most one beginning of a line, which is cut off when the file is opened again: the
/// complete lines say what need not be done again.
struct BatchOutput {
    /// The time after which results are on the disk.
    private static let syncInterval = Duration.seconds(1)

    /// The lines of the input that have a result, with their fingerprints.
    private(set) var finished: [Int: UInt64] = [:]
    /// How many of the results are errors.
    private(set) var errors = 0

    private let path: String
    private let handle: FileHandle
    private let lock: Lock
    /// The first line that has each `custom_id`, as far as lines were looked at.
    private var customIDs: [String: Int] = [:]
    private var length = 0
    private var lastSync = ContinuousClock.now
    private var isDirty = false

    /// Opens a file of results, or makes one.
    ///
    /// - Throws: when it cannot be opened, is another program's at this moment, or holds something
    ///   else.
    init(path: String) throws {
        self.path = path
        handle = try Self.open(path)
        guard let lock = Lock(handle) else {
            throw BatchError("\(path) is being written by another quire batch")
        }
        self.lock = lock
        try readResults()
    }

    /// Keeps other batches away from a file.
    ///
    /// It is given back and not only closed: a program that is being started at that moment still
    /// has a copy of the descriptor, which would keep it.
    private final class Lock {
        private let handle: FileHandle

        init?(_ handle: FileHandle) {
            guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
            self.handle = handle
        }

        deinit { _ = flock(handle.fileDescriptor, LOCK_UN) }
    }

    private static func open(_ path: String) throws -> FileHandle {
        guard !FileName.isForeign(path) else {
            throw BatchError("the name of \(path) is not UTF-8: give results another one")
        }
        let files = FileManager.default
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        do {
            if !files.fileExists(atPath: file.path) {
                guard files.fileExists(atPath: file.deletingLastPathComponent().path) else {
                    throw BatchError("the folder of \(path) is not there: make it first")
                }
                try Data().write(to: file)
                // Or a lost current would take the name of the file, and all results with it.
                let folder = try FileHandle(forReadingFrom: file.deletingLastPathComponent())
                _ = fsync(folder.fileDescriptor)
            }
            let type = try files.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
            guard type == .typeRegular else {
                throw BatchError(
                    "\(path) is not a regular file: a batch goes on where its results end")
            }
            return try FileHandle(forUpdating: file)
        } catch let error as BatchError {
            throw error
        } catch {
            throw BatchError("\(path) cannot be written: \(StandardStreams.reason(of: error))")
        }
    }

    private mutating func readResults() throws {
        var reader = LineReader(handle)
        while let line = try reader.next() {
            guard line.isComplete else {
                guard BatchID.begins(line.bytes ?? []) else { throw foreign(line) }
                break
            }
            guard let result = Self.result(line.bytes ?? []) else { throw foreign(line) }
            finished[result.id.line] = result.id.fingerprint
            errors += result.isError ? 1 : 0
            if let customID = result.customID { _ = take(customID, line: result.id.line) }
            length = line.end
        }
        try handle.truncate(atOffset: UInt64(length))
        try handle.seek(toOffset: UInt64(length))
    }

    private func foreign(_ line: LineReader.Line) -> BatchError {
        BatchError(
            "line \(line.number) of \(path) is no result of quire batch; nothing was changed. "
                + "Give another --output, or take the file away")
    }

    /// What a line says of itself; nil for anything but a result.
    private static func result(
        _ bytes: [UInt8]
    ) -> (id: BatchID, customID: String?, isError: Bool)? {
        var reader = JSONReader(bytes, path: "result")
        var id: BatchID?
        var customID: String?
        var isError: Bool?
        do {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "id": id = BatchID(try reader.string())
                case "custom_id":
                    if try !reader.readNull() { customID = try reader.string() }
                case "error":
                    let hasNone = try reader.readNull()
                    isError = !hasNone
                    if !hasNone { try reader.skip() }
                default: try reader.skip()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let id, let isError else { return nil }
        return (id, customID, isError)
    }
}

extension BatchOutput {
    /// Takes a `custom_id` for a line.
    ///
    /// - Returns: false when a line before it has it.
    mutating func take(_ customID: String, line: Int) -> Bool {
        if let first = customIDs[customID], first < line { return false }
        customIDs[customID] = line
        return true
    }

    /// Writes a result.
    ///
    /// - Throws: when the disk is full or fails; the file then ends with the result before.
    mutating func append(_ line: [UInt8], isError: Bool) throws {
        do {
            try handle.write(contentsOf: Data(line))
            length += line.count
            errors += isError ? 1 : 0
            isDirty = true
            if ContinuousClock.now - lastSync >= Self.syncInterval { try synchronize() }
        } catch {
            // The next run would cut off what was written of the line as well.
            try? handle.truncate(atOffset: UInt64(length))
            throw failure(error)
        }
    }

    /// Waits until everything is on the disk.
    mutating func finish() throws {
        do {
            if isDirty { try synchronize() }
        } catch {
            throw failure(error)
        }
    }

    private mutating func synchronize() throws {
        try handle.synchronize()
        lastSync = .now
        isDirty = false
    }

    private func failure(_ error: any Error) -> BatchError {
        BatchError(
            "\(path) cannot be written: \(StandardStreams.reason(of: error)). Make room and run "
                + "the same command again: it goes on after the last complete result")
    }
}
