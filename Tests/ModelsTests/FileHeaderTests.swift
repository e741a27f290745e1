import Tensors
import Testing

@testable import QuireModels

/// The frame of the files that Quire writes for itself.
struct FileHeaderTests {
    private let frame = FileHeader(magic: "Example\n", version: 0x0102_0304)

    private func header() -> [UInt8] {
        frame.bytes { writer in
            writer.append(UInt32(7))
            writer.append(UInt64(9))
        }
    }

    @Test func `a header has its parts where its description says`() {
        let bytes = header()
        #expect(bytes.count == FileHeader.byteCount)
        #expect(Array(bytes[..<12]) == Array("Example\n".utf8) + [4, 3, 2, 1])
        #expect(Array(bytes[12..<28]) == [0, 16, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])
        var sum = ByteWriter()
        sum.append(Checksum64.of(Array(bytes[..<28])))
        #expect(Array(bytes[28..<36]) == sum.bytes)
        #expect(bytes[36...].allSatisfy { $0 == 0 })
    }

    @Test func `fields are read back in their order`() {
        var reader = frame.fields(of: header())
        #expect(reader?.number() == UInt32(7))
        #expect(reader?.number() == UInt64(9))
    }

    @Test func `another magic, version or length of header has no fields`() {
        let bytes = header()
        for place in 0..<16 {
            var other = bytes
            other[place] ^= 1
            #expect(frame.fields(of: other) == nil, "byte \(place)")
            #expect(frame.isBegun(by: other) == (place >= 8), "byte \(place)")
        }
        for count in 0..<16 { #expect(frame.fields(of: Array(bytes[..<count])) == nil) }
    }

    @Test func `a file that is cut short is begun, and so is an empty one`() {
        let bytes = header()
        for count in 0...40 { #expect(frame.isBegun(by: Array(bytes[..<count]))) }
        #expect(!frame.isBegun(by: [0]))
        #expect(!frame.isBegun(by: Array("Exampl\n\n".utf8)))
    }
}
