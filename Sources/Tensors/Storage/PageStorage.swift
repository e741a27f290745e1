/// Bytes that outlive the process, read and written at any place: a file, or in tests something
/// that fails when it is told to.
///
/// May be used by any thread, by one at a time for the same bytes.
package protocol PageStorage: AnyObject, Sendable {
    /// Bytes that are there now.
    func byteCount() throws(TensorError) -> Int

    /// Reads `count` bytes.
    ///
    /// - Throws: `TensorError` if the device fails or fewer are there.
    func read(_ count: Int, at offset: Int) throws(TensorError) -> [UInt8]

    /// Reads a whole page of an arena.
    ///
    /// - Throws: as `read`; the page's contents are then undefined.
    func readPage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError)

    /// Writes bytes.
    ///
    /// - Throws: `TensorError` if the device fails or is full; some may have been written.
    func write(_ bytes: [UInt8], at offset: Int) throws(TensorError)

    /// Writes a whole page of an arena.
    ///
    /// - Throws: as `write`.
    func writePage(_ page: Int, of arena: KVArena, at offset: Int) throws(TensorError)

    /// Cuts the bytes to the first `count`.
    ///
    /// - Throws: `TensorError` if the device fails.
    func truncate(to count: Int) throws(TensorError)
}
