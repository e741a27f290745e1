import Testing

@testable import quire

/// How far a batch is.
struct BatchTextTests {
    @Test func `progress says how many, how fast and how long`() {
        var tally = BatchProgress.Tally(finished: 10)
        #expect(tally.text(of: 250, seconds: 10) == "10 of 250 requests  0 tokens/s")
        let work = BatchProgress.Work(prompt: 50, answer: 250)
        for _ in 0..<20 {
            tally.begin(work)
            tally.tokens += 250
            tally.finish(work, tokens: 250)
        }
        #expect(
            tally.text(of: 250, seconds: 10) == "30 of 250 requests  500 tokens/s  110 s left")
        tally.fail(nil)
        #expect(tally.text(of: 250, seconds: 10).hasPrefix("31 of 250 requests"))
    }

    /// A.13: a short request that has ended says little of a long one that runs.
    @Test func `the time that is left counts tokens, not ended requests`() {
        var tally = BatchProgress.Tally(finished: 0)
        let short = BatchProgress.Work(prompt: 4, answer: 4)
        let long = BatchProgress.Work(prompt: 4, answer: 500)
        tally.begin(short)
        tally.begin(long)
        tally.tokens = 8
        tally.finish(short, tokens: 4)
        // 12 tokens are done in a second, 500 are to come.
        #expect(tally.secondsLeft(of: 2, after: 1)?.rounded() == 42)
        tally.tokens = 404
        #expect(tally.secondsLeft(of: 2, after: 40)?.rounded() == 10)
        // One that failed neither counts as work nor says how long answers are.
        var failed = tally
        failed.begin(long)
        failed.fail(long)
        #expect(failed.secondsLeft(of: 3, after: 40) == tally.secondsLeft(of: 2, after: 40))
    }

    @Test func `answers that end early make the rest shorter`() {
        var tally = BatchProgress.Tally(finished: 0)
        let work = BatchProgress.Work(prompt: 0, answer: 100)
        tally.begin(work)
        tally.begin(work)
        tally.tokens = 10
        tally.finish(work, tokens: 10)
        #expect(tally.secondsLeft(of: 2, after: 5) == 5)
        #expect(tally.secondsLeft(of: 4, after: 5) == 15)
    }
}
