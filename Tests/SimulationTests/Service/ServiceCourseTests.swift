import Testing

@testable import Simulation

@Suite("The course of a service")
struct ServiceCourseTests {
    @Test func `nothing is lost when intervals grow, and time is spread in proportion`() {
        var course = ServiceCourse()
        course.add(.init(busy: 8), from: 500_000, to: 2_500_000)
        #expect(course.intervals.map(\.busy) == [2, 4, 2])
        var random = SeededRandom(seed: 1)
        var sum = 8.0
        var time: Int64 = 2_500_000
        for _ in 0..<5000 {
            let length = Int64(random.integer(in: 0...3_000_000))
            course.add(.init(busy: 1), from: time, to: time + length)
            time += length
            sum += 1
        }
        #expect(abs(course.intervals.reduce(0) { $0 + $1.busy } - sum) < 1e-6)
        #expect(course.intervals.count <= 2 * ServiceLimits.intervals)
        #expect(course.width * Int64(course.intervals.count) >= time)
        #expect(course.width * Int64(course.intervals.count - 1) <= time)
    }
}
