/// What a machine offers to a model: the numbers of its data sheet, or a person's own.
package struct Device: Hashable, Sendable {
    /// What to type.
    package var name: String
    /// What it is called.
    package var title: String
    /// Bytes of its memory.
    package var memoryBytes: Int
    /// Bytes that are read from its memory in a second; nil: not known.
    package var bandwidth: Double?
    /// Operations in a second, of f16 or bf16 matrix multiplications without sparsity, where a
    /// multiplication and its addition are two; nil: not known.
    package var operations: Double?
    /// Bytes that pass between it and the host's memory in a second, one way; nil: not known.
    package var link: Double?
    /// Where the numbers are from.
    package var source: String

    /// A device.
    package init(
        name: String, title: String, memoryBytes: Int, bandwidth: Double? = nil,
        operations: Double? = nil, link: Double? = nil, source: String
    ) {
        self.name = name
        self.title = title
        self.memoryBytes = memoryBytes
        self.bandwidth = bandwidth
        self.operations = operations
        self.link = link
        self.source = source
    }

    /// Operations a byte at which it computes as long as it reads: the ridge of its roofline.
    package var ridge: Double? {
        guard let operations, let bandwidth, bandwidth > 0 else { return nil }
        return operations / bandwidth
    }
}
