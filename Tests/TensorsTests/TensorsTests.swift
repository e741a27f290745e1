import Tensors
import Testing

@Test func `the scalar level is everywhere`() {
    #expect(ISALevel.available.contains(.scalar))
    #expect(ISALevel.available.contains(ISALevel.active))
    #expect(ISALevel.reason.hasPrefix(ISALevel.active.rawValue))
}
