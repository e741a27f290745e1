import Foundation
import Synchronization

/// A download that has not all arrived: the bytes so far in `PATH`, and in `PATH.json` which
/// ranges they are and of which state of the remote file.
///
/// The record is written after the bytes that it speaks of, so a process killed at any moment
/// leaves a download that can go on; what a loss of power may undo is caught by the sum.
final class PartialFile: Sendable {
    /// A range of the file that one request after the other fills from its start.
    struct Segment: Hashable, Codable, Sendable {
        let start: Int
        let end: Int
        var next: Int
    }

    /// What `PATH.json` holds.
    struct Record: Hashable, Codable, Sendable {
        var identity: String?
        var byteCount: Int
        var segments: [Segment]
    }

    private struct State {
        var record: Record
        var nextUnclaimed = 0
        var unsavedBytes = 0
    }

    /// How the files of a broken-off download end.
    static let endings = [".part", ".part.json", ".pip"]

    let path: String
    private let state: Mutex<State>
    private var recordPath: String { path + ".json" }

    /// Takes up the partial download at a path if it is one of this file, or begins one.
    init(
        path: String, remote: RemoteFile, segmentBytes: Int
    ) throws(ModelStoreError) {
        self.path = path
        let known = remote.identity != nil && remote.servesRanges
        if known, let record = Self.load(path), record.identity == remote.identity,
            record.byteCount == remote.byteCount
        {
            state = Mutex(State(record: record))
            return
        }
        let size = remote.servesRanges ? max(segmentBytes, 1) : remote.byteCount
        let segments = stride(from: 0, to: remote.byteCount, by: size).map { start in
            Segment(start: start, end: min(start + size, remote.byteCount), next: start)
        }
        state = Mutex(
            State(
                record: Record(
                    identity: remote.identity, byteCount: remote.byteCount, segments: segments)))
        try? FileManager.default.removeItem(atPath: recordPath)
        try LocalDisk.createEmpty(path)
    }

    /// Bytes that have arrived.
    var received: Int {
        state.withLock { $0.record.segments.reduce(0) { $0 + $1.next - $1.start } }
    }

    /// Segments that have not all arrived.
    var unfinished: Int {
        state.withLock { $0.record.segments.count { $0.next < $0.end } }
    }

    /// A segment that no other task works on; nil when there is none left.
    func claim() -> Int? {
        state.withLock { state in
            let rest = state.record.segments.indices.dropFirst(state.nextUnclaimed)
            let index = rest.first { state.record.segments[$0].isUnfinished }
            state.nextUnclaimed = index.map { $0 + 1 } ?? state.record.segments.count
            return index
        }
    }

    /// What is missing of a segment.
    func missing(of index: Int) -> Range<Int> {
        state.withLock { $0.record.segments[index].next..<$0.record.segments[index].end }
    }

    /// Forgets what has arrived of a segment from a position on. The record is written at once if
    /// it may speak of those bytes already.
    func rewind(_ index: Int, to position: Int) {
        let isBack = state.withLock { state in
            precondition(state.record.segments[index].start <= position)
            guard state.record.segments[index].next > position else { return false }
            state.record.segments[index].next = position
            return true
        }
        if isBack { save() }
    }

    /// Writes the next bytes of a segment.
    func append(
        _ bytes: [UInt8], to index: Int, file: any DiskFile
    ) throws(ModelStoreError) {
        let missing = missing(of: index)
        precondition(bytes.count <= missing.count, "more bytes than the segment lacks")
        try file.write(bytes, at: missing.lowerBound)
        let isDue = state.withLock { state in
            state.record.segments[index].next += bytes.count
            state.unsavedBytes += bytes.count
            guard state.unsavedBytes >= ModelStoreLimits.recordEveryBytes else { return false }
            state.unsavedBytes = 0
            return true
        }
        if isDue { save() }
    }

    /// Writes the record. A record that cannot be written costs a repeated download, no more.
    func save() {
        state.withLock { state in
            let data = try? JSONEncoder().encode(state.record)
            try? data?.write(to: URL(fileURLWithPath: recordPath), options: .atomic)
        }
    }

    /// Removes the bytes and the record.
    func discard() {
        try? FileManager.default.removeItem(atPath: recordPath)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Removes the record only: the bytes have been moved to their place.
    func removeRecord() {
        try? FileManager.default.removeItem(atPath: recordPath)
    }

    private static func load(_ path: String) -> Record? {
        guard let size = ModelStore.byteCount(of: path + ".json"),
            size <= ModelStoreLimits.recordBytes,
            let data = FileManager.default.contents(atPath: path + ".json"),
            let record = try? JSONDecoder().decode(Record.self, from: data),
            let bytes = ModelStore.byteCount(of: path),
            record.isConsistent(withFileOf: bytes)
        else { return nil }
        return record
    }
}

extension PartialFile.Segment {
    var isUnfinished: Bool { next < end }
}

extension PartialFile.Record {
    /// Whether the segments lie end to end over the whole file, and the file holds what they say.
    func isConsistent(withFileOf bytes: Int) -> Bool {
        var at = 0
        for segment in segments {
            guard segment.start == at, segment.start < segment.end,
                segment.start...segment.end ~= segment.next,
                segment.next == segment.start || segment.next <= bytes
            else { return false }
            at = segment.end
        }
        return at == byteCount
    }
}
