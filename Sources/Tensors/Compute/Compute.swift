internal import CKernels

/// The arithmetic of a forward pass: the kernels of one level, run by a pool's threads.
///
/// Every operation works on whole rows of `FloatMatrix`, in parallel over rows, columns or heads,
/// and every output element is computed in one fixed order: results are the same to the bit for
/// any number of rows in a call and any number of threads. Shapes that do not fit are programming
/// errors and trap.
public struct Compute: Sendable {
    /// The threads that share the work.
    public let pool: WorkerPool

    let table: KernelTable

    /// The level of the kernels.
    public var level: ISALevel { table.level }

    /// The kernels of the level in use (see `ISALevel.active`).
    public init(pool: WorkerPool) {
        self.pool = pool
        table = KernelTable.active
    }

    /// The kernels of a level; nil when this machine cannot run it.
    public init?(pool: WorkerPool, level: ISALevel) {
        guard let table = KernelTable(level) else { return nil }
        self.pool = pool
        self.table = table
    }

    /// Calls `body` for every row, spread over the threads in runs of rows.
    ///
    /// `cost` is the work per row in floats: small jobs stay on the caller's thread, where they
    /// are done before another would have begun.
    func eachRow(_ rows: Range<Int>, cost: Int, _ body: (Int) -> Void) {
        let worthSharing = 16_384
        let total = rows.count * max(1, cost)
        guard pool.threads > 1, total >= 2 * worthSharing, rows.count > 1 else {
            for row in rows { body(row) }
            return
        }
        let tasks = min(rows.count, pool.threads * 4, total / worthSharing)
        pool.run(tasks: tasks) { task, _ in
            let first = rows.lowerBound + rows.count * task / tasks
            let end = rows.lowerBound + rows.count * (task + 1) / tasks
            for row in first..<end { body(row) }
        }
    }
}
