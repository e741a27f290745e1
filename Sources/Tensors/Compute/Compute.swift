internal import CKernels

/// The arithmetic of a forward pass: the kernels of one level, run by a pool's threads.
///
/// Every operation works on whole rows of `FloatMatrix`, in parallel over rows, columns or heads,
/// and every output element is computed in one fixed order: results are the same to the bit for
/// any number of rows in a call and any number of threads. Shapes that do not fit are programming
/// errors and trap.
package struct Compute: Sendable {
    /// The threads that share the work.
    package let pool: WorkerPool

    let table: KernelTable

    let scratch: RowScratch

    /// The level of the kernels.
    package var level: ISALevel { table.level }

    /// The kernels of the level in use (see `ISALevel.active`).
    package init(pool: WorkerPool) {
        self.pool = pool
        table = KernelTable.active
        scratch = RowScratch(threads: pool.threads)
    }

    /// The kernels of a level; nil when this machine cannot run it.
    package init?(pool: WorkerPool, level: ISALevel) {
        guard let table = KernelTable(level) else { return nil }
        self.pool = pool
        self.table = table
        scratch = RowScratch(threads: pool.threads)
    }

    /// Does the work of every row, spread over the threads in runs of rows.
    ///
    /// `cost` is the work per row in floats: small jobs stay on the caller's thread, where they
    /// are done before another would have begun.
    func eachRow<Work: RowWork>(_ rows: Range<Int>, cost: Int, _ work: Work) {
        let tasks = rowTasks(rows.count, cost)
        guard tasks > 1 else {
            for row in rows { work.run(row: row, worker: 0) }
            return
        }
        pool.run(tasks: tasks, RunsOfRows(work: work, rows: rows, tasks: tasks))
    }

    /// The same with a closure, which costs an allocation where the rows are shared.
    func eachRow(_ rows: Range<Int>, cost: Int, _ body: (Int) -> Void) {
        guard rowTasks(rows.count, cost) > 1 else {
            for row in rows { body(row) }
            return
        }
        withoutActuallyEscaping(body) { eachRow(rows, cost: cost, ClosureRows(body: $0)) }
    }

    private func rowTasks(_ rows: Int, _ cost: Int) -> Int {
        let total = rows * max(1, cost)
        guard pool.threads > 1, total >= 2 * TensorLimits.sharedRowFloats else { return 1 }
        let most = min(rows, pool.threads * 4, total / TensorLimits.sharedRowFloats)
        // The same for every thread: the last to end is waited for.
        return most < pool.threads ? most : most / pool.threads * pool.threads
    }
}
