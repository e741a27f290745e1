import Testing

@testable import Tensors

struct AddressSpaceTests {
    private static let limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max address space         204800000            unlimited            bytes
        """

    @Test func `the address space is what the limit leaves`() throws {
        let files = ["/proc/self/limits": Self.limits, "/proc/self/statm": "100 20 3 4 0 5 0\n"]
        let space = try #require(AddressSpace { files[$0] })
        #expect(space.limit == 204_800_000)
        #expect(space.used > 0 && space.used.isMultiple(of: 100))
        #expect(space.left == space.limit - space.used)
        #expect(AddressSpace(limit: 1, used: 2).left == 0)
    }

    @Test(arguments: ["", "Max address space", "Max address space  unlimited unlimited bytes"])
    func `without a limit there is none`(text: String) {
        #expect(AddressSpace { _ in text } == nil)
        #expect(AddressSpace { _ in nil } == nil)
    }

    @Test func `memory is what the address space leaves`() {
        let files = [
            "/proc/self/limits": Self.limits, "/proc/self/statm": "0\n",
            "/proc/meminfo": "MemTotal: 2000000 kB\nMemAvailable: 1000000 kB\n",
        ]
        #expect(MachineInfo(group: ControlGroup()) { files[$0] }.availableMemory == 204_800_000)
    }

    @Test func `memory is known where there is no meminfo`() {
        let info = MachineInfo(group: ControlGroup()) { _ in nil }
        #expect(info.totalMemory > 0)
        #expect(info.availableMemory > 0)
    }
}
