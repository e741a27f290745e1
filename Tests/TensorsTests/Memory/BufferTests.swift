import Testing

@testable import Tensors

@Test(arguments: [1, 64, 4095, 4097, 1 << 20, 2 << 20, (5 << 20) + 17])
func `memory is zeroed, aligned and writable to its end`(_ count: Int) throws {
    let buffer = try AlignedBuffer(count: count)
    guard let start = unsafe buffer.start else {
        Issue.record("no memory")
        return
    }
    #expect(Int(bitPattern: start) % 4096 == 0)
    if count >= AlignedBuffer.hugePageBytes {
        #expect(Int(bitPattern: start) % AlignedBuffer.hugePageBytes == 0)
    }
    let bytes = unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    let sampled = stride(from: 0, to: count, by: 509)
    #expect(sampled.allSatisfy { unsafe bytes[$0] == 0 })
    unsafe bytes[0] = 1
    unsafe bytes[count - 1] = 2
    #expect(unsafe bytes[count - 1] == 2)
}

@Test func `memory that the system does not have is an error`() {
    for count in [1 << 55, Int.max, Int.max - (2 << 20)] {
        let error = #expect(throws: TensorError.self) { _ = try AlignedBuffer(count: count).count }
        #expect(error?.code == .outOfMemory)
    }
}

@Test func `a matrix too large to address is an error`() {
    for (rows, columns) in [(Int.max, 2), (2, Int.max), (1 << 31, 1 << 31), (1 << 30, 1 << 30)] {
        let error = #expect(throws: TensorError.self) {
            _ = try FloatMatrix(rows: rows, columns: columns)
        }
        #expect(error?.code == .tooLarge || error?.code == .outOfMemory)
    }
    let error = #expect(throws: TensorError.self) {
        _ = try KVArena(pages: 1 << 40, pageBytes: 1 << 30, element: .f16)
    }
    #expect(error?.code == .tooLarge)
}

@Test func `rows are zeroed, aligned and apart`() throws {
    for columns in [0, 1, 15, 16, 17, 100] {
        let matrix = try FloatMatrix(rows: 3, columns: columns)
        for row in 0..<3 {
            #expect(matrix.array(row) == [Float](repeating: 0, count: columns))
            #expect(Int(bitPattern: unsafe matrix.pointer(row)) % 64 == 0)
            matrix.withMutableRow(row) { floats in
                for i in 0..<columns { floats[i] = Float(row * 1000 + i) }
            }
        }
        let gathered = try FloatMatrix(rows: 4, columns: columns)
        gathered.gather([2, 0, 2], of: matrix)
        #expect(gathered.arrays == [2, 0, 2].map { matrix.array($0) } + [gathered.array(3)])
    }
}

@Test func `a row beyond the matrix traps`() async {
    await #expect(processExitsWith: .failure) {
        let matrix = try FloatMatrix(rows: 2, columns: 4)
        _ = matrix.row(2)
    }
}
