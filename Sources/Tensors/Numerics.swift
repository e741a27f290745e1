/// Which arithmetic this is.
///
/// There is one for all levels and machines (Documentation/arithmetic.md), so that what one
/// computes is of use to another, as long as both have the same.
package enum Numerics {
    /// The checksum of what every kernel makes of a list of cases, `Tests/KernelSums/sums.txt`: a
    /// test fails where the kernels give others, or where this is not that list's checksum.
    package static let id: UInt64 = 0x5117_7779_C904_6C3B
}
