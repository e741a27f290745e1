import Testing

@testable import quire

/// Arguments as the system has them.
struct ArgumentsTests {
    private static func list(_ arguments: [[UInt8]], files: String = "") throws -> [String] {
        try Arguments.list(arguments.flatMap { $0 + [0] }) { $0.first == files.first }
    }

    @Test func `arguments that are UTF-8 are what they were, the empty ones too`() throws {
        let given = ["quire", "", "é", "--x=", ""]
        #expect(try Self.list(given.map { Array($0.utf8) }) == ["", "é", "--x=", ""])
    }

    @Test func `an argument that is not UTF-8 has to name a file`() throws {
        let name: [UInt8] = [0x61, 0xFF]
        let option = Array("--file=".utf8) + name
        #expect(try Self.list([[0x71], name, option], files: "a").count == 2)
        let error = try #require(throws: NotText.self) { try Self.list([[0x71], [0x62], name]) }
        #expect(error.description.contains("argument 2 is not UTF-8"))
        #expect(error.description.contains("0xFF at offset 1"))
    }
}
