import Synchronization
import TestSupport
import Testing

@testable import Tensors

@Test(arguments: [1, 2, 3, 8])
func `every task runs once, whatever the threads`(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    var generator = SeededGenerator(seed: UInt64(threads))
    for _ in 0..<10_000 / threads {
        let tasks = Int.random(in: 0...40, using: &generator)
        let counts = (0..<tasks).map { _ in Counter() }
        pool.run(tasks: tasks) { task, worker in
            precondition(worker >= 0 && worker < threads)
            counts[task].value.add(1, ordering: .relaxed)
        }
        let exact = counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 }
        #expect(exact)
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}

@Test func `no two tasks have the same worker at once`() {
    let pool = WorkerPool(threads: 4)
    let inside = (0..<4).map { _ in Counter() }
    let clashes = Counter()
    for _ in 0..<500 {
        pool.run(tasks: 16) { _, worker in
            let before = inside[worker].value.add(1, ordering: .sequentiallyConsistent).oldValue
            if before != 0 { clashes.value.add(1, ordering: .relaxed) }
            inside[worker].value.subtract(1, ordering: .sequentiallyConsistent)
        }
    }
    #expect(clashes.value.load(ordering: .relaxed) == 0)
}

@Test func `what tasks wrote is there when run returns`() throws {
    let pool = WorkerPool(threads: 3)
    let matrix = try FloatMatrix(rows: 64, columns: 16)
    for round in 1...300 {
        pool.run(tasks: 64) { task, _ in
            matrix.withMutableRow(task) { $0[task % 16] = Float(round + task) }
        }
        let sum = (0..<64).reduce(Float(0)) { $0 + matrix.row($1)[$1 % 16] }
        #expect(sum == Float(64 * round + 63 * 32))
    }
}

@Test func `sleeping workers wake up`() async throws {
    let pool = WorkerPool(threads: 2)
    for _ in 0..<20 {
        try await Task.sleep(for: .milliseconds(3))
        let done = Counter()
        pool.run(tasks: 100) { _, _ in done.value.add(1, ordering: .relaxed) }
        #expect(done.value.load(ordering: .relaxed) == 100)
    }
}

@Test func `pools come and go`() {
    for threads in 1...40 {
        let done = Counter()
        WorkerPool(threads: threads % 7 + 1).run(tasks: 20) { _, _ in
            done.value.add(1, ordering: .relaxed)
        }
        #expect(done.value.load(ordering: .relaxed) == 20)
    }
}

@Test func `a job within a job traps`() async {
    await #expect(processExitsWith: .failure) {
        let pool = WorkerPool(threads: 2)
        pool.run(tasks: 4) { _, _ in pool.run(tasks: 1) { _, _ in } }
    }
    await #expect(processExitsWith: .failure) {
        let pool = WorkerPool(threads: 1)
        pool.run(tasks: 1) { _, _ in pool.run(tasks: 0) { _, _ in } }
    }
}

@Test func `no threads are no pool`() async {
    await #expect(processExitsWith: .failure) { _ = WorkerPool(threads: 0) }
}
