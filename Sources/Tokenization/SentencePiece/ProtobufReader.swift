/// Reads one message of Protocol Buffers, field by field, out of bytes that may be anything: every
/// length is checked before it is used, and nothing is allocated by a number in the file.
struct ProtobufReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// A field's value, by how it is written.
    enum Value {
        case number(UInt64)
        case word(UInt32)
        case bytes(Range<Int>)
        /// Eight bytes, which no field read here has.
        case doubleWord
    }

    /// All of the bytes, or a message inside of them.
    init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// The next field; nil at the end of the message.
    mutating func next() throws(TokenizerError) -> (field: Int, value: Value)? {
        if position == end { return nil }
        let tag = try number()
        let field = Int(truncatingIfNeeded: tag >> 3)
        guard (1..<1 << 29).contains(field) else { throw fault("a field's number is \(field)") }
        switch tag & 7 {
        case 0: return (field, .number(try number()))
        case 1:
            _ = try take(8)
            return (field, .doubleWord)
        case 2:
            let count = try number()
            guard count <= UInt64(end - position) else {
                throw fault("field \(field) has \(count) bytes, beyond its message")
            }
            return (field, .bytes(try take(Int(count))))
        case 5:
            let range = try take(4)
            let word = range.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) }
            return (field, .word(word))
        case let type: throw fault("field \(field) is of the wire type \(type)")
        }
    }

    private mutating func take(_ count: Int) throws(TokenizerError) -> Range<Int> {
        guard count <= end - position else { throw fault("the message is cut off") }
        defer { position += count }
        return position..<position + count
    }

    private mutating func number() throws(TokenizerError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw fault("the message is cut off") }
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte < 2 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw fault("a number of more than 64 bits")
    }

    private func fault(_ text: String) -> TokenizerError {
        TokenizerError(
            .badFile, "tokenizer.model is no SentencePiece model: at byte \(position), \(text)")
    }
}
