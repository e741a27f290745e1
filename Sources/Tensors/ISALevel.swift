internal import CKernels

/// A level of the instruction set, for which kernels of their own exist.
package enum ISALevel: String, CaseIterable, Sendable {
    /// Portable C.
    case scalar
    /// 64-bit ARM with Advanced SIMD.
    case neon
    /// x86-64 with AVX2, FMA and F16C.
    case avx2
    /// x86-64 with AVX-512 F, BW, DQ, VL and VNNI.
    case avx512

    /// The level in use, chosen once: the best of this machine, or the one that the environment
    /// variable `QUIRE_ISA` names if the machine has it.
    package static var active: ISALevel { KernelTable.active.level }

    /// One line that says why the active level was chosen.
    package static var reason: String { unsafe String(cString: qk_isa_reason()) }

    /// Why a value of `QUIRE_ISA` cannot be honoured; nil where it can, or where there is none.
    package static func refusal(of value: String?) -> String? {
        guard let value, !value.isEmpty else { return nil }
        func names(_ levels: [ISALevel]) -> String {
            levels.map(\.rawValue).joined(separator: ", ")
        }
        guard let level = ISALevel(rawValue: value) else {
            let shown = String(value.prefix(32).filter { !$0.isNewline && $0.isASCII })
            return "QUIRE_ISA is '\(shown)'; it must be one of \(names(allCases))."
        }
        guard available.contains(level) else {
            return "QUIRE_ISA is \(value), which this machine lacks; it has \(names(available))."
        }
        return nil
    }

    /// The levels that this machine can run, scalar first.
    package static var available: [ISALevel] {
        allCases.filter { KernelTable($0) != nil }
    }
}

/// The functions of one level; they live as long as the process.
@safe
struct KernelTable: @unchecked Sendable {
    // Sendable: a table is filled before anyone sees it and never changes.

    private let address: UnsafePointer<qk_table>

    /// The table of the level in use.
    static var active: KernelTable { unsafe KernelTable(address: qk_table_active()) }

    /// The table of a level; nil when this machine cannot run it. `isPlain`: without the
    /// instructions that only some machines of the level have.
    init?(_ level: ISALevel, isPlain: Bool = false) {
        let find = unsafe isPlain ? qk_table_plain : qk_table_for
        guard let address = unsafe find(level.code) else { return nil }
        unsafe self.address = address
    }

    private init(address: UnsafePointer<qk_table>) {
        unsafe self.address = address
    }

    /// The functions.
    var c: UnsafePointer<qk_table> { unsafe address }

    var level: ISALevel {
        let code = unsafe address.pointee.isa
        return ISALevel.allCases.first { $0.code == code } ?? .scalar
    }
}

extension ISALevel {
    /// The number of the level in C.
    fileprivate var code: Int32 {
        switch self {
        case .scalar: Int32(QK_ISA_SCALAR)
        case .neon: Int32(QK_ISA_NEON)
        case .avx2: Int32(QK_ISA_AVX2)
        case .avx512: Int32(QK_ISA_AVX512)
        }
    }
}
