import Foundation
import Testing

@testable import Simulation

@Suite struct `The stamp of a result` {
    private let trace = Trace(
        name: "a",
        requests: [
            TraceRequest(
                arrival: .milliseconds(1500), promptTokens: 10, outputTokens: 3, tenant: "x",
                blocks: [7, 8]),
            TraceRequest(promptTokens: 1, outputTokens: 1),
        ])

    @Test func `the hash is FNV-1a`() {
        // The published vectors of the empty text, "a" and "foobar".
        var hash = FNV1a()
        #expect(hash.value == 0xCBF2_9CE4_8422_2325)
        hash.add(UInt8(ascii: "a"))
        #expect(hash.value == 0xAF63_DC4C_8601_EC8C)
        var word = FNV1a()
        for byte in "foobar".utf8 { word.add(byte) }
        #expect(word.value == 0x8594_4171_F739_67E8)
    }

    @Test func `every field of a request changes the hash, and the name does not`() {
        var changed: [Trace] = Array(repeating: trace, count: 8)
        changed[0].requests[0].arrival = .milliseconds(1501)
        changed[1].requests[0].promptTokens = 11
        changed[2].requests[0].outputTokens = 4
        changed[3].requests[0].tenant = nil
        changed[4].requests[0].tenant = ""
        changed[5].requests[0].blocks = [78]
        changed[6].requests.swapAt(0, 1)
        changed[7].tokensPerBlock = 16
        let hashes = Set(changed.map(\.fingerprint) + [trace.fingerprint])
        #expect(hashes.count == 9)
        var renamed = trace
        renamed.name = "b"
        #expect(renamed.fingerprint == trace.fingerprint)
        // The number of a script of its own, in another language.
        #expect(trace.fingerprint == 0x4C65_1103_BCEC_68E5)
    }

    @Test func `the JSON has every key, with null for what there is none of`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let full = ResultStamp(traceHash: 0xAB, seed: 7, version: "1.2.3", loop: .closed)
        let text = String(decoding: try encoder.encode(full), as: UTF8.self)
        #expect(
            text
                == #"{"loop":"closed","seed":7,"trace_hash":"00000000000000ab","version":"1.2.3"}"#)
        #expect(full.line == "trace 00000000000000ab, seed 7, closed loop, version 1.2.3")
        let bare = ResultStamp(traceHash: nil, seed: nil, version: "1", loop: nil)
        let bareText = String(decoding: try encoder.encode(bare), as: UTF8.self)
        #expect(bareText == #"{"loop":null,"seed":null,"trace_hash":null,"version":"1"}"#)
        #expect(bare.line == "version 1")
    }
}
