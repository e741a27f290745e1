import QuireEngine
import Testing

@Suite struct `The recent hit rate` {
    /// D9
    @Test func `is taken over the last requests, whole observations leaving first`() {
        var window = HitRateWindow(requests: 5)
        #expect(window.rate == 0)
        window.observe(requests: 1, queries: 20, hits: 9)
        #expect(window.rate == 0.45)
        window.observe(requests: 4, queries: 80, hits: 16)
        #expect(window.rate == 0.25)
        window.observe(requests: 1, queries: 10, hits: 2)
        #expect(window.rate == 0.2)
        window.observe(requests: 0, queries: 0, hits: 0)
        #expect(window.rate == 0.2)
        window.observe(requests: 11, queries: 20, hits: 10)
        #expect(window.rate == 0.5)
        window.observe(requests: 22, queries: 40, hits: 30)
        #expect(window.rate == 0.75)
        window.reset()
        #expect(window.rate == 0)
        window.observe(requests: 1, queries: 4, hits: 1)
        #expect(window.rate == 0.25)
    }
}
