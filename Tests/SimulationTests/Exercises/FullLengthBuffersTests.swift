import Simulation
import TestSupport
import Testing

@Suite struct `Reservations` {
    @Test func `used and set aside are sums, whatever the lengths`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let maxLength = Int.random(in: 1...4096, using: &random)
            let lengths = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Int.random(in: 0...maxLength, using: &random)
            }
            let spare = Int.random(in: 0...5, using: &random)
            let reservation = FullLengthBuffers(
                lengths: lengths, maxLength: maxLength, buffers: lengths.count + spare)
            #expect(reservation.allocated == (lengths.count + spare) * maxLength)
            #expect(reservation.used + reservation.wasted == reservation.allocated)
            if reservation.allocated > 0 {
                #expect(abs(reservation.waste + reservation.utilization - 1) < 1e-12)
            }
            let blockSize = Int.random(in: 1...300, using: &random)
            let paged = reservation.paged(blockSize: blockSize)
            var blocks = 0
            for length in lengths {
                var left = length
                while left > 0 {
                    blocks += 1
                    left -= blockSize
                }
            }
            #expect(paged.blocks == blocks)
            #expect(paged.slots == blocks * blockSize)
            #expect(paged.slots >= reservation.used)
        }
    }

    @Test func `a block of one token wastes nothing`() {
        #expect(FullLengthBuffers(lengths: [3, 5], maxLength: 8).paged(blockSize: 1).waste == 0)
        #expect(FullLengthBuffers(lengths: [], maxLength: 8).paged(blockSize: 4).waste == 0)
    }
}

@Suite struct `A batch that waits for its longest` {
    @Test func `is the same second by second`() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<200 {
            let times = (0..<Int.random(in: 1...32, using: &random)).map { _ in
                Int.random(in: 1...60, using: &random)
            }
            let batch = HeadOfLine(completions: times)
            // Played second by second: a slot works until its request is done.
            var (second, busy, idle) = (0, 0, 0)
            var waits = times.map { _ in 0 }
            while times.contains(where: { $0 > second }) {
                for (slot, time) in times.enumerated() {
                    if time > second {
                        busy += 1
                    } else {
                        idle += 1
                        waits[slot] += 1
                    }
                }
                second += 1
            }
            #expect(batch.makespan == second)
            #expect(batch.busy == busy && batch.idle == idle)
            #expect(batch.waits == waits)
            #expect(batch.savedMakespan == 0)
            #expect(abs(batch.gain - Double(second * times.count) / Double(busy)) < 1e-9)
        }
    }
}

@Suite struct `Growing by copies` {
    @Test func `copies n (n - 1) / 2 tokens`() {
        for tokens in 0..<60 {
            let run = GrowByCopy.run(tokens: tokens, width: 3)
            #expect(run.copies == GrowByCopy.tokenCopies(tokens: tokens))
            #expect(run.copies == (0..<tokens).reduce(0, +))
            #expect(run.sum == 3 * tokens)
        }
        #expect(GrowByCopy.tokenCopies(tokens: 2048) == 2_096_128)
    }
}
