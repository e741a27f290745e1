import ArgumentParser
import QuireKit
import Testing

@testable import quire

/// `--itl-target`.
struct LatencyTargetTests {
    @Test(arguments: [
        ("100ms", Duration.milliseconds(100)), ("0.1s", .milliseconds(100)),
        ("1.5ms", .microseconds(1_500)), ("86400s", .seconds(86_400)),
    ])
    func `a number with its unit`(argument: String, duration: Duration) {
        #expect(LatencyTarget(argument: argument)?.duration == duration)
    }

    @Test func `none is a choice of its own`() throws {
        let none = try #require(LatencyTarget(argument: "none"))
        #expect(none.duration == nil)
    }

    @Test(arguments: ["", "100", "0ms", "-1ms", "ms", "1e3ms", "100 ms", "1m", "86401s", "nanms"])
    func `anything else is refused`(argument: String) {
        #expect(LatencyTarget(argument: argument) == nil)
    }

    @Test func `what is not given leaves the command's default`() throws {
        for (arguments, target) in [
            ([], LatencyTarget.served), (["--itl-target", "none"], nil),
            (["--itl-target", "80ms"], .milliseconds(80)),
        ] as [([String], Duration?)] {
            var options = ModelOptions()
            options.interTokenTarget = LatencyTarget.served
            try SchedulingOptions.parse(arguments).apply(to: &options)
            #expect(options.interTokenTarget == target)
        }
    }
}
