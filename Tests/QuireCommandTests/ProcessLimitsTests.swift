import Tensors
import Testing

@testable import quire

/// What the system has to give before a command begins.
struct ProcessLimitsTests {
    @Test func `a process with room lacks nothing`() {
        #expect(ProcessLimits.descriptorShortage(4) == nil)
        #expect(ProcessLimits.addressSpaceShortage(nil, needed: 1 << 30) == nil)
        let roomy = AddressSpace(limit: 2 << 30, used: 1 << 30)
        #expect(ProcessLimits.addressSpaceShortage(roomy, needed: 1 << 30) == nil)
    }

    @Test func `too little address space is told with the limit and the remedy`() throws {
        let tight = AddressSpace(limit: 150_000_000, used: 110_000_000)
        let shortage = try #require(
            ProcessLimits.addressSpaceShortage(tight, needed: 100_000_000))
        for words in ["150.0 MB", "110.0 MB", "100.0 MB", "ulimit -v"] {
            #expect(shortage.contains(words), "\(shortage)")
        }
    }

    @Test func `too few descriptors are told with their number and the remedy`() throws {
        let shortage = try #require(ProcessLimits.descriptorShortage(1 << 24))
        #expect(shortage.contains("ulimit -n"), "\(shortage)")
    }
}
