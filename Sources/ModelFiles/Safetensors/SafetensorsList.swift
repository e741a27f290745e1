import QuireJSON

/// The tensors of a safetensors file while its header is read.
struct SafetensorsList {
    let path: String
    /// Where the file's data is.
    let data: Range<Int>
    let fileIndex: Int

    private(set) var notes: [String: String] = [:]
    private var tensors: [SafetensorsTensor] = []
    private var names: Set<String> = []

    static let notesKey = "__metadata__"

    init(path: String, data: Range<Int>, fileIndex: Int) {
        self.path = path
        self.data = data
        self.fileIndex = fileIndex
    }

    /// Reads the whole object; throws `JSONError` or `ModelFileError`.
    mutating func read(_ reader: inout JSONReader) throws {
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard names.insert(name).inserted else {
                throw ModelFileError(
                    .duplicateTensor, path: path, at: .tensor(name), "is listed twice")
            }
            if name == Self.notesKey {
                try readNotes(&reader)
            } else {
                try readTensor(name, &reader)
            }
        }
    }

    private mutating func readNotes(_ reader: inout JSONReader) throws {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard notes.updateValue(try reader.string(), forKey: key) == nil else {
                throw ModelFileError(
                    .duplicateKey, path: path, at: .key("\(Self.notesKey).\(key)"),
                    "occurs twice")
            }
        }
    }

    private mutating func readTensor(_ name: String, _ reader: inout JSONReader) throws {
        guard tensors.count < ModelFileLimits.tensors else {
            throw ModelFileError(
                .tooLarge, path: path, "more than \(ModelFileLimits.tensors) tensors")
        }
        try check(name: name)
        var type: SafetensorsType?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let isNew: Bool
            switch key {
            case "dtype":
                isNew = type == nil
                type = try readType(name, &reader)
            case "shape":
                isNew = shape == nil
                shape = try numbers(
                    &reader, name, key, atMost: ModelFileLimits.safetensorsDimensions)
            case "data_offsets":
                isNew = offsets == nil
                offsets = try numbers(&reader, name, key, atMost: 2)
            default:
                throw fault(.badKey, name, "has the key '\(key)', which the format has not")
            }
            guard isNew else { throw fault(.duplicateKey, name, "has the key '\(key)' twice") }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw fault(
                .missingKey, name, "needs a dtype, a shape, and a first and a last data offset")
        }
        tensors.append(
            SafetensorsTensor(
                name: name, shape: shape, type: type,
                range: try range(name, type, shape, offsets), fileIndex: fileIndex))
    }

    private func readType(
        _ tensor: String, _ reader: inout JSONReader
    ) throws -> SafetensorsType {
        let name = try reader.string()
        guard let type = SafetensorsType(name) else {
            throw fault(
                .badTensorType, tensor,
                "has the dtype '\(name)', which does not exist in the format")
        }
        return type
    }

    /// Where a tensor's bytes are in the file, which must be as many as its shape says.
    private func range(
        _ name: String, _ type: SafetensorsType, _ shape: [Int], _ offsets: [Int]
    ) throws(ModelFileError) -> Range<Int> {
        // A size of 0 must not hide an overflow: products are made in other orders too.
        var elements = 1
        for size in shape {
            let (product, overflow) = elements.multipliedReportingOverflow(by: max(size, 1))
            guard !overflow else {
                throw fault(.badShape, name, "has the shape \(shape), which overflows 63 bits")
            }
            elements = product
        }
        if shape.contains(0) { elements = 0 }
        let (start, end) = (offsets[0], offsets[1])
        guard start <= end else {
            throw fault(.badOffset, name, "ends at byte \(end), before its start at \(start)")
        }
        guard end <= data.count else {
            throw fault(
                .truncated, name,
                "ends \(end) bytes into the data, of which the file has \(data.count); fetch the"
                    + " file again")
        }
        guard type.byteCount(elements: elements) == end - start else {
            throw fault(
                .badShape, name,
                "of shape \(shape) in \(type.name) has \(end - start) bytes, expected "
                    + (type.byteCount(elements: elements).map(String.init) ?? "a whole number"))
        }
        return data.lowerBound + start..<data.lowerBound + end
    }

    private func numbers(
        _ reader: inout JSONReader, _ name: String, _ key: String, atMost limit: Int
    ) throws -> [Int] {
        var values: [Int] = []
        try reader.beginArray()
        while try reader.nextElement() {
            let value = try reader.integer()
            guard value >= 0 else {
                throw fault(.badShape, name, "has the number \(value) in '\(key)'")
            }
            values.append(value)
            guard values.count <= limit else {
                throw fault(.badShape, name, "has more than \(limit) numbers in '\(key)'")
            }
        }
        return values
    }

    private func check(name: String) throws(ModelFileError) {
        guard (1...ModelFileLimits.safetensorsNameBytes).contains(name.utf8.count) else {
            throw ModelFileError(
                .badTensorName, path: path,
                "the name of tensor \(tensors.count) has \(name.utf8.count) bytes; 1 to"
                    + " \(ModelFileLimits.safetensorsNameBytes) are allowed")
        }
        guard name.firstControl == nil else {
            throw fault(.badTensorName, name, "has a control character in its name")
        }
    }

    private func fault(
        _ code: ModelFileError.Code, _ tensor: String, _ message: String
    ) -> ModelFileError {
        ModelFileError(code, path: path, at: .tensor(tensor), message)
    }
}

extension SafetensorsList {
    /// The tensors in the order of their data, which must fill the file: a gap could hide anything
    /// and two tensors in the same place would be one.
    func placed() throws(ModelFileError) -> [SafetensorsTensor] {
        let sorted = tensors.sorted {
            ($0.range.lowerBound, $0.range.upperBound, $0.name)
                < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }
        var end = data.lowerBound
        for tensor in sorted {
            guard tensor.range.lowerBound == end else {
                let isOverlap = tensor.range.lowerBound < end
                throw fault(
                    .badOffset, tensor.name,
                    "begins at byte \(tensor.range.lowerBound), but the data before it ends at"
                        + " byte \(end): \(isOverlap ? "two tensors overlap" : "there is a hole")")
            }
            end = tensor.range.upperBound
        }
        guard end == data.upperBound else {
            throw ModelFileError(
                .badOffset, path: path, at: .offset(end),
                "\(data.upperBound - end) bytes follow the data of the last tensor")
        }
        return sorted
    }
}
