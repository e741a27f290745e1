internal import CKernels

/// What an operation does to one row: a value, so that threads share it without an allocation.
protocol RowWork {
    /// Does it. Rows do not know of each other.
    func run(row: Int)
}

/// A closure as such an operation.
struct ClosureRows: RowWork {
    let body: (Int) -> Void

    func run(row: Int) { body(row) }
}

/// Rows in runs of about equal length, one a task.
struct RunsOfRows<Work: RowWork>: PoolWork {
    let work: Work
    let rows: Range<Int>
    let tasks: Int

    func run(task: Int, worker: Int) {
        let first = rows.lowerBound + rows.count * task / tasks
        let end = rows.lowerBound + rows.count * (task + 1) / tasks
        for row in first..<end { work.run(row: row) }
    }
}

// The operations of `Compute+Rows` on one row.

/// Root mean square normalisation with a weight.
struct RowNorm {
    let table: KernelTable
    let weight: [Float]?
    let epsilon: Float

    @unsafe
    func callAsFunction(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ n: Int) {
        guard let weight else {
            unsafe table.c.pointee.rms_norm(x, nil, epsilon, out, n)
            return
        }
        unsafe weight.withUnsafeBufferPointer {
            unsafe table.c.pointee.rms_norm(x, $0.baseAddress, epsilon, out, n)
        }
    }
}

struct NormRows: RowWork {
    let x: FloatMatrix
    let norm: RowNorm
    let out: FloatMatrix

    func run(row: Int) { unsafe norm(x.pointer(row), out.pointer(row), x.columns) }
}

struct NormHeads: RowWork {
    let x: FloatMatrix
    let column: Int
    let heads: Int
    let headDim: Int
    let norm: RowNorm

    func run(row: Int) {
        for head in 0..<heads {
            let p = unsafe x.pointer(row, column + head * headDim)
            unsafe norm(p, p, headDim)
        }
    }
}

struct AddRows: RowWork {
    let table: KernelTable
    let a: FloatMatrix
    let b: FloatMatrix
    let out: FloatMatrix
    let column: Int
    let width: Int

    func run(row: Int) {
        unsafe table.c.pointee.add(
            a.pointer(row, column), b.pointer(row, column), out.pointer(row, column), width)
    }
}

struct AddBias: RowWork {
    let table: KernelTable
    let x: FloatMatrix
    let column: Int
    let bias: [Float]

    func run(row: Int) {
        unsafe bias.withUnsafeBufferPointer { bias in
            guard let address = bias.baseAddress else { return }
            let p = unsafe x.pointer(row, column)
            unsafe table.c.pointee.add(p, address, p, bias.count)
        }
    }
}

struct ScaleRows: RowWork {
    let table: KernelTable
    let x: FloatMatrix
    let factor: Float

    func run(row: Int) {
        unsafe table.c.pointee.scale(x.pointer(row), factor, x.pointer(row), x.columns)
    }
}

struct CapRows: RowWork {
    let table: KernelTable
    let x: FloatMatrix
    let cap: Float

    func run(row: Int) {
        unsafe table.c.pointee.soft_cap(x.pointer(row), cap, x.pointer(row), x.columns)
    }
}

@safe
struct GateRows: RowWork {
    let kernel:
        @convention(c) (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
        ) -> Void
    let gate: FloatMatrix
    let gateColumn: Int
    let up: FloatMatrix
    let upColumn: Int
    let width: Int
    let out: FloatMatrix

    func run(row: Int) {
        unsafe kernel(
            gate.pointer(row, gateColumn), up.pointer(row, upColumn), out.pointer(row), width)
    }
}
