package import KVCache
import Tensors

/// A file in which the prefix cache survives the process, opened for one model and one layout.
///
/// The file is this process's alone while it is open. It has the permissions 0600, since it holds
/// what people wrote: their tokens, and keys and values that tell as much.
package final class PrefixCacheFile: Sendable {
    /// The seed of the blocks' keys: the cache that uses the file takes it over.
    package let seed: UInt64

    /// Records that the file may have.
    package let capacity: Int

    /// What the file held when it was opened, by record number.
    package let records: [Int: TierRecord]

    /// Whether what the file held was of no use (another model or layout, another version, or
    /// damage) and it starts over.
    package let wasRebuilt: Bool

    let file: PrefixFile

    /// Opens or makes a file.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - model: the model whose keys and values it holds.
    ///   - layout: the layout of the pages.
    ///   - activations: the precision that computed them.
    ///   - budget: bytes that the file may have.
    /// - Throws: `ModelError.invalidPrefixFile` with the reason and the remedy: another process has
    ///   it, it is no prefix cache, it may not be written, or the budget holds no block.
    /// - Complexity: O(records).
    package convenience init(
        path: String, model: CPUModel, layout: CacheLayout, activations: ActivationMode = .int8,
        budget: Int
    ) throws(ModelError) {
        do {
            try self.init(
                storage: try LockedFile(path: path),
                layout: Self.layout(model, layout, activations), budget: budget)
        } catch let error as TensorError {
            throw ModelError(.invalidPrefixFile, subject: path, error.message)
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.invalidPrefixFile, subject: path, "\(error)")
        }
    }

    /// Opens a file over any storage.
    init(
        storage: any PageStorage, layout: PrefixFile.Layout, budget: Int
    ) throws {
        let record = PrefixFile.recordBytes(layout)
        let room = max(0, budget - PrefixFile.Header.byteCount) / record
        capacity = min(room, KVCacheLimits.maxBlocks)
        guard capacity > 0 else {
            throw ModelError(
                .invalidPrefixFile,
                "a file of \(budget) bytes does not hold one block of \(record) bytes: allow more")
        }
        var system = SystemRandomNumberGenerator()
        let opened = try PrefixFile.open(
            storage, layout: layout, capacity: capacity, fresh: (system.next(), system.next()))
        file = opened.file
        records = opened.records
        seed = opened.file.header.seed
        wasRebuilt = opened.opening == .rebuilt
    }

    /// All that decides a bit of a page: the weights and their format, the precision and the
    /// arithmetic that computed it, which is the same on all machines, and where in the page each
    /// number lies.
    static func layout(
        _ model: CPUModel, _ layout: CacheLayout, _ activations: ActivationMode
    ) throws(ModelError) -> PrefixFile.Layout {
        var writer = ByteWriter()
        writer.append(Self.layoutVersion)
        writer.append(Numerics.id)
        writer.append(try model.identity())
        let names = [activations.rawValue, layout.dtype.rawValue]
        for name in names + layout.groups.map({ "\($0)" }) {
            writer.append(Array(name.utf8))
            writer.append(UInt8(0))
        }
        return PrefixFile.Layout(
            fingerprint: Checksum64.of(writer.bytes), blockSize: layout.blockSize,
            pageBytes: layout.pageBytes, groups: layout.groups.count)
    }

    /// Raised with every change of where a page's numbers lie. Changes of their bits need nothing:
    /// `Numerics.id` changes with them.
    private static let layoutVersion: UInt32 = 8
}
