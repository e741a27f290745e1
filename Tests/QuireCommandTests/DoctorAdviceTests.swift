import Testing

@testable import quire

/// What `quire doctor` advises of machines that tests do not run on.
struct DoctorAdviceTests {
    private func lines(_ change: (inout DoctorAdvice) -> Void) -> [String] {
        var advice = DoctorAdvice()
        advice.onlineCores = 8
        advice.affinityCores = 8
        advice.hugePages = "madvise"
        advice.hugePageShare = 1
        advice.nodes = [(0, "0-7")]
        change(&advice)
        return advice.lines
    }

    @Test func `a machine that gives all it has needs none`() {
        #expect(lines { _ in }.isEmpty)
        #expect(lines { $0.quota = 4 }.isEmpty)
        #expect(lines { $0.quota = 8.5 }.isEmpty)
        #expect(
            lines {
                $0.hugePages = nil; $0.hugePageShare = nil; $0.nodes = []
            }.isEmpty)
        // Memory without cores is nobody's to run on.
        #expect(lines { $0.nodes = [(0, "0-7"), (1, "")] }.isEmpty)
    }

    @Test func `each shortcoming has its line, with the way out`() {
        let cases: [(change: (inout DoctorAdvice) -> Void, words: [String])] = [
            ({ $0.quota = 2.5 }, ["2.5", "2 threads"]),
            ({ $0.quota = 0.5 }, ["0.5", "at least 1"]),
            ({ $0.affinityCores = 4 }, ["4 of 8", "taskset"]),
            (
                {
                    $0.hugePages = "never"; $0.hugePageShare = 0
                }, ["echo madvise"]
            ),
            ({ $0.hugePageShare = 0.3 }, ["30 %", "compact_memory"]),
            ({ $0.nodes = [(0, "0-3"), (1, "4-7")] }, ["numactl", "--membind=0"]),
        ]
        for (change, words) in cases {
            let found = lines(change)
            #expect(found.count == 1)
            for word in words { #expect(found.first?.contains(word) == true, "\(word)") }
        }
    }
}
