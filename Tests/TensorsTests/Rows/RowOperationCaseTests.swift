import Testing

@testable import Tensors

@Test(arguments: KernelCase.all)
func `every measured operation runs at every level`(_ kernel: KernelCase) throws {
    let bench = try RowOperationBench(compute: try kernel.compute(), rows: 3, columns: 192)
    for operation in RowOperation.allCases {
        bench.run(operation)
        #expect(bench.isFinite(), "\(operation)")
    }
}

@Test func `every format is measured with every number of rows`() {
    let cases = KernelCases.measured()
    #expect(cases.count == TensorFormat.supported.count * KernelCases.measuredRows.count)
    #expect(Set(cases.map(\.format)) == Set(TensorFormat.supported))
    // A format that cannot have such rows is left out.
    #expect(KernelCases.measured(formats: [.q4_K], rows: [1], columns: 64).isEmpty)
}
