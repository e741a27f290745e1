import KVCache
import QuireThreads
import Synchronization
import Tensors
import Testing

@testable import QuireModels

struct TierQueueTests {
    private static let record = TierRecord(
        key: BlockKey(high: 1, low: 2), serial: 1, parent: 0, group: 0, scope: .shared, tokens: [])

    private struct Failure: Error {}

    private func write(_ number: Int) -> TierOperation {
        operation(.write(slot: number), number)
    }

    private func read(_ number: Int) -> TierOperation {
        operation(.read(slot: number), number)
    }

    private func operation(_ kind: TierOperation.Kind, _ number: Int) -> TierOperation {
        TierOperation(
            ticket: TierTicket(index: UInt32(number), generation: 0), kind: kind, number: number,
            record: Self.record)
    }

    @Test func `reads go before writes, and each kind keeps its order`() {
        let queue = TierQueue()
        queue.put([write(0), write(1), read(2), write(3), read(4)])
        queue.stop()
        queue.serve { operation in operation != write(1) }
        let done = queue.takeCompletions(waiting: false)
        #expect(done.map(\.ticket.index) == [2, 4, 0, 1, 3])
        #expect(done.map(\.succeeded) == [true, true, true, false, true])
        #expect(queue.takeCompletions(waiting: true).isEmpty)
    }

    @Test func `writes that do not fit the queue fail at once and are counted`() {
        let queue = TierQueue()
        let bound = ModelLimits.queuedTierWrites
        queue.put((0..<bound + 3).map(write))
        let refused = queue.takeCompletions(waiting: false)
        #expect(refused.map { Int($0.ticket.index) } == Array(bound..<bound + 3))
        #expect(refused.allSatisfy { !$0.succeeded })
        #expect(queue.dropped == 3)
        queue.put([read(0)])
        queue.stop()
        queue.serve { _ in true }
        #expect(queue.takeCompletions(waiting: false).count == bound + 1)
    }

    @Test func `after a failed write there are no more, and one warning`() {
        let queue = TierQueue()
        queue.put((0..<4).map(write) + [read(9)])
        queue.stop()
        var tried: [TierOperation] = []
        queue.serve { operation in
            tried.append(operation)
            if operation == write(1) || operation == read(9) { throw Failure() }
            return true
        }
        #expect(tried == [read(9), write(0), write(1)])
        #expect(
            queue.takeCompletions(waiting: false).map(\.succeeded)
                == [false, true, false, false, false])
        #expect(queue.takeWarnings().count == 1)
        #expect(queue.takeWarnings().isEmpty)
    }

    @Test func `whoever waits gets the next completion`() throws {
        let queue = TierQueue()
        let thread = try #require(DedicatedThread { queue.serve { _ in true } })
        for number in 0..<200 {
            queue.put([number % 3 == 0 ? write(number) : read(number)])
            #expect(queue.takeCompletions(waiting: true).count == 1)
        }
        queue.stop()
        thread.join()
    }
}
