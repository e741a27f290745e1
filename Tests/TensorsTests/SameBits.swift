import Testing

@testable import Tensors

/// The bits of floats, of which all that are not numbers are one: processors differ in their signs.
func bits(_ floats: [Float]) -> [UInt32] {
    floats.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
}

extension ISALevel {
    /// The levels of this machine that must give the bits of portable C, which is the definition.
    static let others = subsets.filter { $0 != .scalar }

    /// What outputs hold before a call, another number at each level: what is not written shows.
    var poison: Float { self == .scalar ? 99 : 98 }

    /// The operations of the level on the calling thread.
    func compute() throws -> Compute {
        try #require(Compute(pool: WorkerPool(threads: 1), level: self))
    }
}
