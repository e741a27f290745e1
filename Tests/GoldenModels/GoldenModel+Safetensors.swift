package import QuireJSON

extension GoldenModel {
    /// The types that a folder's tensors may have; the values are the same in all of them.
    package enum Element: String, CaseIterable, Sendable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"
    }

    /// The bytes of the folder's `config.json`, after a change to its members.
    package func configuration(
        _ change: (inout [JSONValue.Member]) -> Void = { _ in }
    ) -> [UInt8] {
        var members = json["config"]?.members ?? []
        change(&members)
        var writer = JSONWriter()
        writer.value(.object(members))
        return writer.bytes
    }

    /// The bytes of the folder's `model.safetensors`, after a change to its tensors.
    package func safetensors(
        _ element: Element = .float32, tensors edit: (inout [Tensor]) -> Void = { _ in }
    ) -> [UInt8] {
        var tensors = tensors
        edit(&tensors)
        var data: [UInt8] = []
        var header = JSONWriter()
        header.beginObject()
        for tensor in tensors {
            let start = data.count
            for value in tensor.values { element.append(value, to: &data) }
            header.key(tensor.name)
            header.beginObject()
            header.key("dtype")
            header.string(element.rawValue)
            header.key("shape")
            header.array(tensor.shape) { $0.integer($1) }
            header.key("data_offsets")
            header.array([start, data.count]) { $0.integer($1) }
            header.endObject()
        }
        header.endObject()
        // The header is padded with blanks, so that the data begin at a multiple of 8.
        let padded = (header.bytes.count + 7) / 8 * 8
        var file = (0..<8).map { UInt8(truncatingIfNeeded: padded >> (8 * $0)) }
        file += header.bytes
        file += Array(repeating: UInt8(ascii: " "), count: padded - header.bytes.count)
        return file + data
    }
}

extension GoldenModel.Element {
    /// Appends a value's bytes, the lowest first.
    func append(_ value: Float, to bytes: inout [UInt8]) {
        let (bits, count) =
            switch self {
            case .float32: (value.bitPattern, 4)
            case .bfloat16: (value.bitPattern >> 16, 2)
            case .float16: (Self.float16(value), 2)
            }
        for index in 0..<count {
            bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(index))))
        }
    }

    /// The 16-bit pattern of a value that float16 holds exactly; subnormal ones included.
    private static func float16(_ value: Float) -> UInt32 {
        let sign = value.bitPattern >> 16 & 0x8000
        let magnitude = abs(value)
        if magnitude < 0x1p-14 { return sign | UInt32(magnitude * 0x1p24) }
        return sign | ((magnitude.bitPattern >> 13) - (127 - 15) << 10)
    }
}
