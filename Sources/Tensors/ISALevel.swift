internal import CKernels

/// What kernels may use of a processor, as its name: a level, such as `avx2`, and features that it
/// has more or less, such as `avx2+avxvnni` or `avx512-bf16`. All give the same bits.
package struct ISALevel: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// QK_CPU_* of CKernelsCPU.h.
    fileprivate let features: UInt32

    /// The levels, from the lowest on.
    private static let names = ["scalar", "neon", "avx2", "avx512"]

    /// Portable C.
    package static let scalar = ISALevel(features: 0)

    fileprivate init(features: UInt32) { self.features = features }

    /// The set of features that a text names; nil where a word is none. This machine may lack some.
    package init?(rawValue: String) {
        var features: UInt32 = 0
        guard unsafe qk_cpu_parse(rawValue, &features) else { return nil }
        self.features = features
    }

    /// The name of the set.
    package var rawValue: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(QK_CPU_NAME)) { name in
            guard let start = name.baseAddress else { return "" }
            unsafe qk_cpu_name(features, start)
            return unsafe String(cString: start)
        }
    }

    /// The name.
    package var description: String { rawValue }

    /// The set in use, chosen once: all that this machine has, or what the environment variable
    /// `QUIRE_ISA` names if the machine has it.
    package static var active: ISALevel { KernelTable.active.level }

    /// One line that says why the active set was chosen.
    package static var reason: String { unsafe String(cString: qk_isa_reason()) }

    /// Why a value of `QUIRE_ISA` cannot be honoured; nil where it can, or where there is none.
    package static func refusal(of value: String?) -> String? {
        guard let value, !value.isEmpty else { return nil }
        let shown = String(value.prefix(32).filter { !$0.isNewline && $0.isASCII })
        guard let level = ISALevel(rawValue: value) else {
            return "QUIRE_ISA is '\(shown)'; it must be one of \(names.joined(separator: ", ")),"
                + " and may add and take away features, as in avx2+avxvnni or avx512-bf16."
        }
        guard KernelTable(level) != nil else {
            let has = available.map(\.rawValue).joined(separator: ", ")
            return "QUIRE_ISA is \(shown), which this machine lacks; it has \(has)."
        }
        return nil
    }

    /// The levels that this machine can run, scalar first.
    package static let available: [ISALevel] = runnable(names)

    /// These, and all other sets that some kernel is different for: what tests of products run
    /// over.
    package static let subsets: [ISALevel] = {
        var all = available
        let others = ["neon-dotprod", "avx2+avxvnni", "avx512-vnni", "avx512-bf16"]
        for level in runnable(others) where !all.contains(level) { all.append(level) }
        return all
    }()

    private static func runnable(_ names: [String]) -> [ISALevel] {
        names.compactMap(ISALevel.init).filter { KernelTable($0) != nil }
    }
}

/// The functions for a set of features; they live as long as the process.
@safe
struct KernelTable: @unchecked Sendable {
    // Sendable: a table is filled before anyone sees it and never changes.

    private let address: UnsafePointer<qk_table>

    /// The table of the set in use.
    static var active: KernelTable { unsafe KernelTable(address: qk_table_active()) }

    /// The table of a set; nil when this machine lacks any of it.
    init?(_ level: ISALevel) {
        guard let address = unsafe qk_table_for(level.features) else { return nil }
        unsafe self.address = address
    }

    private init(address: UnsafePointer<qk_table>) {
        unsafe self.address = address
    }

    /// The functions.
    var c: UnsafePointer<qk_table> { unsafe address }

    var level: ISALevel { unsafe ISALevel(features: address.pointee.features) }
}
