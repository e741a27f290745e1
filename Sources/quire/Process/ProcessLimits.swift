import Foundation
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system must give to the process before anything can be done with it.
enum ProcessLimits {
    /// Files and sockets that a command has open at once, beside the three standard streams.
    static let descriptors = 12

    /// Bytes of addresses beside a model: threads with their stacks and heaps, buffers, tables.
    static let addressSpaceBytes = 160 << 20

    /// What there is too little of, and what to do about it; nil where there is enough.
    static func shortage() -> String? {
        descriptorShortage(descriptors)
            ?? addressSpaceShortage(AddressSpace.current(), needed: addressSpaceBytes)
    }

    /// What to say where fewer than so many descriptors are left.
    static func descriptorShortage(_ needed: Int) -> String? {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        for _ in 0..<needed {
            let descriptor = anyDescriptor()
            guard descriptor >= 0 else {
                return "only \(taken.count) more files can be opened, and quire needs \(needed): "
                    + "raise the limit, such as with ulimit -n 256"
            }
            taken.append(descriptor)
        }
        return nil
    }

    /// What to say of an address space that is limited.
    static func addressSpaceShortage(_ space: AddressSpace?, needed: Int) -> String? {
        guard let space, space.left < needed else { return nil }
        return "the address space is limited to \(Sizes.bytes(space.limit)), of which "
            + "\(Sizes.bytes(space.used)) are in use at the start; quire needs "
            + "\(Sizes.bytes(needed)) more and room for the model: raise the limit, such as with "
            + "ulimit -v unlimited"
    }

    /// A descriptor of something that needs no name; negative where there is none left.
    private static func anyDescriptor() -> Int32 {
        #if canImport(Glibc)
            socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket(AF_UNIX, Int32(SOCK_STREAM), 0)
        #endif
    }
}
