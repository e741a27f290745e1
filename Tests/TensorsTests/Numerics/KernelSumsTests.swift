import CKernels
import Foundation
import KernelSums
import Testing

@testable import Tensors

/// The arithmetic is the recorded one, at every level (Documentation/arithmetic.md).
struct KernelSumsTests {
    /// A case and the checksum of its outputs, as a line of the list.
    private static func lines(_ level: ISALevel) throws -> [String] {
        final class List {
            var lines: [String] = []
        }
        let model = try Data(
            contentsOf: root.appending(path: "Sources/QuireKit/Resources/demo.gguf"))
        let table = try #require(KernelTable(level))
        let list = List()
        unsafe model.withUnsafeBytes { model in
            unsafe kernel_sums(
                table.c, model.baseAddress, model.count,
                Unmanaged.passUnretained(list).toOpaque()
            ) { context, name, sum in
                guard let context = unsafe context else { return }
                let digits = String(sum, radix: 16)
                let line =
                    String(repeating: "0", count: 16 - digits.count) + digits + " "
                    + (unsafe String(cString: name))
                unsafe Unmanaged<List>.fromOpaque(context).takeUnretainedValue().lines.append(line)
            }
        }
        return list.lines
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func recorded() throws -> String {
        try String(contentsOf: root.appending(path: "Tests/KernelSums/sums.txt"), encoding: .utf8)
    }

    @Test(arguments: ISALevel.subsets)
    func `every kernel gives the recorded bits`(_ level: ISALevel) throws {
        let recorded = try Self.recorded().split(separator: "\n").map(String.init)
        let found = try Self.lines(level)
        let others = found.filter { !recorded.contains($0) }
        #expect(
            others.isEmpty && found.count == recorded.count,
            """
            Of \(found.count) cases, recorded are \(recorded.count), these have other checksums. \
            If the arithmetic was changed on purpose, print the new list with the command in \
            Documentation/arithmetic.md:
            \(others.joined(separator: "\n"))
            """)
    }

    @Test func `the arithmetic's number is the checksum of the recorded list`() throws {
        let id = Checksum64.of(Array(try Self.recorded().utf8))
        #expect(Numerics.id == id, "Numerics.id should be 0x\(String(id, radix: 16))")
    }
}
