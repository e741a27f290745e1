extension Trace {
    /// A hash of the requests, equal in every process and on every machine; of the trace's name it
    /// takes nothing, so that a file may be renamed.
    ///
    /// FNV-1a with 64 bits over the fields of the requests in order, each number as eight bytes,
    /// the lowest first, each list and text after its length. It tells inputs apart; it is no proof
    /// against somebody who wants two to look alike.
    ///
    /// - Complexity: O(requests + block ids)
    package var fingerprint: UInt64 {
        var hash = FNV1a()
        hash.add(UInt64(tokensPerBlock ?? 0))
        hash.add(UInt64(requests.count))
        for request in requests {
            let (seconds, attoseconds) = request.arrival.components
            hash.add(UInt64(bitPattern: seconds))
            hash.add(UInt64(bitPattern: attoseconds))
            hash.add(UInt64(bitPattern: Int64(request.promptTokens)))
            hash.add(UInt64(bitPattern: Int64(request.outputTokens)))
            // One more than the length: no tenant is not the tenant without a name.
            hash.add(UInt64(request.tenant.map { $0.utf8.count + 1 } ?? 0))
            for byte in (request.tenant ?? "").utf8 { hash.add(byte) }
            hash.add(UInt64(request.blocks.count))
            for block in request.blocks { hash.add(block) }
        }
        return hash.value
    }
}

/// The hash of Fowler, Noll and Vo, variant 1a, 64 bits.
struct FNV1a {
    /// The hash of what was added.
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// Adds eight bytes, the lowest first.
    mutating func add(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            add(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }
}
