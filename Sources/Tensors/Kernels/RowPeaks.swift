internal import CKernels

/// The largest element of each row of a product, and its first column: found while the product's
/// parts are in cache, so that rows of a vocabulary's width need not be read again.
@safe
package final class RowPeaks: @unchecked Sendable {
    // Sendable: each thread has peaks of its own, which are put together when all have ended.

    /// Rows of the widest product.
    package let rows: Int

    private let threads: Int
    private let peaks: UnsafeMutablePointer<qk_peak>
    private var known = 0

    /// Peaks of products of at most `rows` rows, by so many threads.
    package init(rows: Int, threads: Int) {
        precondition(rows >= 0 && threads > 0)
        self.rows = rows
        self.threads = threads
        unsafe peaks = .allocate(capacity: rows * threads)
    }

    deinit {
        unsafe peaks.deallocate()
    }

    /// The bytes that they take.
    package static func byteCount(rows: Int, threads: Int) -> Int {
        rows * threads * MemoryLayout<qk_peak>.stride
    }

    /// The largest element of a row of the last product, NaN where any is NaN, and the first
    /// column that holds it; nil when it was not looked for. O(1).
    package func peak(_ row: Int) -> (column: Int, value: Float)? {
        guard row >= 0, row < known else { return nil }
        var all = unsafe peaks[row]
        let lanes = Int(QK_PEAK_LANES)
        return unsafe withUnsafePointer(to: &all) { all in
            unsafe all.withMemoryRebound(to: Float.self, capacity: 3 * lanes) { values in
                unsafe all.withMemoryRebound(to: Int32.self, capacity: 3 * lanes) { numbers in
                    var best = (column: Int(Int32.max), value: -Float.infinity)
                    for lane in 0..<lanes {
                        let value = unsafe values[lane]
                        let column = unsafe Int(numbers[lanes + lane])
                        if unsafe numbers[2 * lanes + lane] != 0 { return (0, .nan) }
                        if value > best.value || value == best.value && column < best.column {
                            best = (column, value)
                        }
                    }
                    return best.value == -.infinity ? (0, best.value) : best
                }
            }
        }
    }

    /// Forgets what it knew.
    package func forget() { known = 0 }

    /// Begins a product of so many rows.
    func begin(_ count: Int) {
        precondition(count <= rows)
        var none = qk_peak()
        unsafe withUnsafeMutableBytes(of: &none) { none in
            let numbers = unsafe none.assumingMemoryBound(to: Int32.self)
            let lanes = Int(QK_PEAK_LANES)
            for lane in 0..<lanes {
                unsafe numbers[lane] = Int32(bitPattern: (-Float.infinity).bitPattern)
                unsafe numbers[lanes + lane] = .max
            }
        }
        for index in 0..<count * threads { unsafe (peaks + index).initialize(to: none) }
        known = count
    }

    /// A thread's peak of a row.
    @unsafe
    func pointer(_ row: Int, worker: Int) -> UnsafeMutablePointer<qk_peak> {
        precondition(row >= 0 && row < known && worker < threads)
        return unsafe peaks + (worker * known + row)
    }

    /// Puts together what the threads have found.
    func end() {
        for worker in 1..<max(1, threads) {
            for row in 0..<known {
                unsafe qk_peak_add(pointer(row, worker: worker), peaks + row)
            }
        }
    }
}
