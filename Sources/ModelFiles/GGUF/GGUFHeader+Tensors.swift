import Tensors

extension GGUFHeader {
    /// The tensor list while it is read.
    struct TensorList {
        let alignment: Int
        let fileIndex: Int
        private var tensors: [GGUFTensor] = []
        private var names: Set<String> = []
        /// Where the next tensor's data must begin, from the start of the data.
        private var expectedOffset = 0
        /// Where the last tensor's data ends, without padding.
        private var end = 0

        init(alignment: Int, fileIndex: Int) {
            self.alignment = alignment
            self.fileIndex = fileIndex
        }
    }
}

extension GGUFHeader.TensorList {
    /// Reads and checks one entry of the list.
    mutating func read(_ cursor: inout HeaderCursor) throws(ModelFileError) {
        let name = try readName(&cursor)
        let (dimensions, elements) = try readDimensions(&cursor, name)
        let typeOffset = cursor.offset
        let id = try cursor.uint32("the type of tensor '\(name)'")
        guard let layout = TensorLayout.of(id) else {
            throw cursor.error(
                .badTensorType, at: typeOffset,
                "tensor '\(name)' has type \(id), which does not exist in GGUF (or no longer)")
        }
        guard dimensions[0].isMultiple(of: layout.blockSize) else {
            throw cursor.error(
                .badShape, at: typeOffset,
                "tensor '\(name)': a row of \(dimensions[0]) values is no multiple of"
                    + " \(layout.name)'s block of \(layout.blockSize)")
        }
        let (byteCount, overflow) = (elements / layout.blockSize)
            .multipliedReportingOverflow(by: layout.blockBytes)
        guard !overflow, byteCount <= cursor.fileSize else {
            throw cursor.error(
                .badShape, at: typeOffset,
                "tensor '\(name)' of shape \(dimensions) in \(layout.name) is larger than the"
                    + " file (\(cursor.fileSize) bytes)")
        }
        let offsetPlace = cursor.offset
        let offset = try cursor.unsigned(8, "the offset of tensor '\(name)'")
        guard offset == UInt64(expectedOffset) else {
            throw cursor.error(
                .badOffset, at: offsetPlace,
                "tensor '\(name)' has data offset \(offset), expected \(expectedOffset): the sum"
                    + " of the sizes before it, each padded to \(alignment)")
        }
        end = expectedOffset + byteCount
        // No overflow: every size is at most the file's, and there are at most 2^18 of them; the
        // sum is checked against the file's size before it can grow far.
        expectedOffset = end.roundedUp(to: alignment)
        guard end <= cursor.fileSize else {
            throw cursor.error(
                .truncated, at: offsetPlace,
                "tensor '\(name)' ends \(end) bytes into the data, in a file of"
                    + " \(cursor.fileSize) bytes; fetch the file again")
        }
        tensors.append(
            GGUFTensor(
                name: name, dimensions: dimensions, formatID: id, byteCount: byteCount,
                offset: Int(offset), fileIndex: fileIndex))
    }

    private mutating func readName(_ cursor: inout HeaderCursor) throws(ModelFileError) -> String {
        let start = cursor.offset
        let range = try cursor.string("the name of tensor \(tensors.count)")
        guard (1...ModelFileLimits.tensorNameBytes).contains(range.count) else {
            throw cursor.error(
                .badTensorName, at: start,
                "the name of tensor \(tensors.count) has \(range.count) bytes; 1 to"
                    + " \(ModelFileLimits.tensorNameBytes) are allowed")
        }
        guard let name = String(validating: cursor.bytes[range], as: UTF8.self) else {
            throw cursor.error(
                .badTensorName, at: start, "the name of tensor \(tensors.count) is not UTF-8 text")
        }
        if let control = name.firstControl {
            throw cursor.error(
                .badTensorName, at: start,
                "the name of tensor \(tensors.count) holds the control character "
                    + PlainText.line(String(control)))
        }
        guard names.insert(name).inserted else {
            throw cursor.error(.duplicateTensor, at: start, "tensor '\(name)' is listed twice")
        }
        return name
    }

    private func readDimensions(
        _ cursor: inout HeaderCursor, _ name: String
    ) throws(ModelFileError) -> (dimensions: [Int], elements: Int) {
        let start = cursor.offset
        let count = try cursor.uint32("the number of dimensions of tensor '\(name)'")
        guard (1...ModelFileLimits.dimensions).contains(Int(count)) else {
            throw cursor.error(
                .badShape, at: start,
                "tensor '\(name)' has \(count) dimensions; 1 to \(ModelFileLimits.dimensions) are"
                    + " allowed")
        }
        var dimensions: [Int] = []
        var elements = 1
        for _ in 0..<count {
            let place = cursor.offset
            let raw = try cursor.unsigned(8, "a dimension of tensor '\(name)'")
            guard let dimension = Int(exactly: raw), dimension > 0 else {
                throw cursor.error(
                    .badShape, at: place,
                    "tensor '\(name)' has a dimension of \(raw); 1 to \(Int.max) are possible")
            }
            let (product, overflow) = elements.multipliedReportingOverflow(by: dimension)
            guard !overflow else {
                throw cursor.error(
                    .badShape, at: place, "the dimensions of tensor '\(name)' overflow 63 bits")
            }
            dimensions.append(dimension)
            elements = product
        }
        return (dimensions, elements)
    }

    /// The tensors with their offsets from the start of the file, checked against its size.
    func place(
        _ cursor: HeaderCursor
    ) throws(ModelFileError) -> (tensors: [GGUFTensor], dataStart: Int) {
        let start = cursor.offset.roundedUp(to: alignment)
        guard let last = tensors.last else { return ([], start) }
        guard start + end <= cursor.fileSize else {
            throw cursor.error(
                .truncated, at: start,
                "the file has \(cursor.fileSize) bytes, but the data of tensor '\(last.name)' ends"
                    + " at byte \(start + end); fetch the file again")
        }
        let placed = tensors.map { $0.moved(by: start) }
        return (placed, start)
    }
}

extension GGUFTensor {
    fileprivate func moved(by distance: Int) -> GGUFTensor {
        GGUFTensor(
            name: name, dimensions: dimensions, formatID: formatID, byteCount: byteCount,
            offset: offset + distance, fileIndex: fileIndex)
    }
}

extension Int {
    /// The least multiple of a power of two that is not below this number.
    func roundedUp(to alignment: Int) -> Int {
        (self + alignment - 1) & ~(alignment - 1)
    }
}

extension String {
    /// The first control character; nil if there is none.
    var firstControl: Unicode.Scalar? {
        unicodeScalars.first { $0.properties.generalCategory == .control }
    }
}
