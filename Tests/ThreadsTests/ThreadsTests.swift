import QuireThreads
import Synchronization
import Testing

@Suite struct `A dedicated thread` {
    @Test func `runs its closure to the end before join returns, however often it is joined`() {
        for _ in 0..<50 {
            let done = Box()
            let thread = DedicatedThread { done.count.add(1, ordering: .relaxed) }
            thread?.join()
            thread?.join()
            #expect(done.count.load(ordering: .relaxed) == 1)
        }
    }

    @Test func `goes on when nobody holds it`() {
        let done = Box()
        let signal = ParkingSignal()
        do {
            let thread = DedicatedThread {
                done.count.add(1, ordering: .sequentiallyConsistent)
                signal.raise()
            }
            #expect(thread != nil)
        }
        signal.wait()
        #expect(done.count.load(ordering: .sequentiallyConsistent) == 1)
    }

    @Test func `frees what its closure held`() {
        weak var held: Box?
        do {
            let box = Box()
            held = box
            DedicatedThread { box.count.add(1, ordering: .relaxed) }?.join()
        }
        #expect(held == nil)
    }
}

@Suite struct `A parking signal` {
    @Test func `raised before the wait lets it pass, once`() {
        let signal = ParkingSignal()
        signal.raise()
        signal.raise()
        signal.wait()
        #expect(!signal.wait(atMost: .zero))
        #expect(!signal.wait(atMost: .milliseconds(1)))
        signal.raise()
        #expect(signal.wait(atMost: .seconds(1 << 40)))
    }

    @Test func `no work is missed, whatever the interleaving`() {
        let box = Box()
        let signal = ParkingSignal()
        let producers = 4
        let each = 2_000
        // It sleeps only when there is nothing: were a raise lost, it would sleep for ever.
        let sleeper = DedicatedThread {
            var taken = 0
            while taken < producers * each {
                let found = box.count.exchange(0, ordering: .sequentiallyConsistent)
                taken += found
                if found == 0 { signal.wait() }
            }
        }
        let threads = (0..<producers).map { _ in
            DedicatedThread {
                for _ in 0..<each {
                    box.count.add(1, ordering: .sequentiallyConsistent)
                    signal.raise()
                }
            }
        }
        for thread in threads { thread?.join() }
        sleeper?.join()
        #expect(box.count.load(ordering: .relaxed) == 0)
    }
}

private final class Box: Sendable {
    let count = Atomic<Int>(0)
}
