/// Bytes at an address that does not change.
final class OwnedBytes: @unchecked Sendable {
    // Sendable: written only before anyone else sees it.
    private let buffer: AlignedBuffer

    init(_ bytes: [UInt8]) throws(TensorError) {
        buffer = try AlignedBuffer(count: max(1, bytes.count))
        for (i, byte) in bytes.enumerated() {
            unsafe buffer.start.unsafelyUnwrapped.storeBytes(
                of: byte, toByteOffset: i, as: UInt8.self)
        }
    }

    /// Zeros, to be written by whoever makes them.
    init(count: Int) throws(TensorError) { buffer = try AlignedBuffer(count: max(1, count)) }

    var start: UnsafePointer<UInt8> { unsafe UnsafePointer(mutableStart) }

    var mutableStart: UnsafeMutablePointer<UInt8> {
        unsafe buffer.start.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    }
}
