internal import CKernels

/// What an operation does to one row: a value, so that threads share it without an allocation.
protocol RowWork {
    /// Does it. Rows do not know of each other; no two at once have the same worker.
    func run(row: Int, worker: Int)
}

/// A closure as such an operation.
struct ClosureRows: RowWork {
    let body: (Int) -> Void

    func run(row: Int, worker: Int) { body(row) }
}

/// Rows in runs of about equal length, one a task.
struct RunsOfRows<Work: RowWork>: PoolWork {
    let work: Work
    let rows: Range<Int>
    let tasks: Int

    func run(task: Int, worker: Int) {
        let first = rows.lowerBound + rows.count * task / tasks
        let end = rows.lowerBound + rows.count * (task + 1) / tasks
        for row in first..<end { work.run(row: row, worker: worker) }
    }
}

/// One operation on a row after another.
struct RowSequence<First: RowWork, Second: RowWork>: RowWork {
    let first: First
    let second: Second

    func run(row: Int, worker: Int) {
        first.run(row: row, worker: worker)
        second.run(row: row, worker: worker)
    }
}

extension RowWork {
    /// This, and then another on the same row.
    func then<Next: RowWork>(_ next: Next) -> RowSequence<Self, Next> {
        RowSequence(first: self, second: next)
    }
}

/// An operation that may be left out.
extension Optional: RowWork where Wrapped: RowWork {
    func run(row: Int, worker: Int) { self?.run(row: row, worker: worker) }
}

// The operations of `Compute+Rows` on one row.

struct AddRows: RowWork {
    let table: KernelTable
    let a: FloatRows
    let b: FloatRows
    let out: FloatRows
    let column: Int
    let width: Int

    func run(row: Int, worker: Int) {
        unsafe table.c.pointee.add(
            a.pointer(row, column), b.pointer(row, column), out.pointer(row, column), width)
    }
}

@safe
struct AddBias: RowWork {
    let table: KernelTable
    let x: FloatRows
    let column: Int
    let bias: UnsafePointer<Float>
    let count: Int

    func run(row: Int, worker: Int) {
        let p = unsafe x.pointer(row, column)
        unsafe table.c.pointee.add(p, bias, p, count)
    }
}

extension Compute {
    /// Calls `body` with what adds a bias, which is valid in the call; nil for an empty one.
    func withBias(_ bias: [Float], to x: FloatMatrix, column: Int, _ body: (AddBias?) -> Void) {
        unsafe bias.withUnsafeBufferPointer { bias in
            let add = unsafe bias.baseAddress.map {
                unsafe AddBias(
                    table: table, x: x.all, column: column, bias: $0, count: bias.count)
            }
            body(bias.isEmpty ? nil : add)
        }
    }
}

struct ScaleRows: RowWork {
    let table: KernelTable
    let x: FloatRows
    let factor: Float

    func run(row: Int, worker: Int) {
        unsafe table.c.pointee.scale(x.pointer(row), factor, x.pointer(row), x.columns)
    }
}

struct ClampRows: RowWork {
    let table: KernelTable
    let x: FloatRows
    let column: Int
    let width: Int
    let bound: Float

    func run(row: Int, worker: Int) {
        let p = unsafe x.pointer(row, column)
        unsafe table.c.pointee.clamp(p, bound, p, width)
    }
}

struct CapRows: RowWork {
    let table: KernelTable
    let x: FloatRows
    let cap: Float

    func run(row: Int, worker: Int) {
        unsafe table.c.pointee.soft_cap(x.pointer(row), cap, x.pointer(row), x.columns)
    }
}

@safe
struct GateRows: RowWork {
    let kernel: qk_gate
    let gate: FloatRows
    let gateColumn: Int
    /// Nil: the activation alone.
    let up: FloatRows?
    let upColumn: Int
    let width: Int
    let out: FloatRows

    func run(row: Int, worker: Int) {
        unsafe kernel(
            gate.pointer(row, gateColumn), up?.pointer(row, upColumn), out.pointer(row), width)
    }
}
