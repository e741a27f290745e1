#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Zeroed memory of its own, straight from the operating system.
///
/// It starts at a page boundary (2 MiB for large buffers, so that huge pages can back it) and is
/// returned when the value is destroyed. Pages cost nothing until they are first written.
@safe
struct AlignedBuffer: ~Copyable, @unchecked Sendable {
    // Sendable: the memory belongs to this value alone; code that shares it must guard it.

    /// The bytes of a huge page on x86-64 and on most 64-bit ARM systems.
    static let hugePageBytes = 2 << 20

    /// The first byte; nil for an empty buffer.
    let start: UnsafeMutableRawPointer?

    /// The number of bytes.
    let count: Int

    /// Maps `count` zeroed bytes, in huge pages where the system has them or, if told so, without.
    /// O(1).
    init(count: Int, hugePages: Bool = true) throws(TensorError) {
        precondition(count >= 0)
        self.count = count
        guard count > 0 else {
            unsafe start = nil
            return
        }
        let slack = count >= Self.hugePageBytes ? Self.hugePageBytes : 0
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let (total, overflow) = count.addingReportingOverflow(slack + page - 1)
        let bytes = total / page * page
        let mapped =
            overflow
            ? unsafe MAP_FAILED
            : unsafe mmap(
                nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | Self.anonymous, -1, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw TensorError(
                .outOfMemory,
                "the operating system has no \(count) bytes of memory to give: use a smaller"
                    + " context, fewer blocks or a smaller model"
                    + (AddressSpace.current() == nil ? "" : ", or raise its limit (ulimit -v)"))
        }
        guard slack > 0 else {
            unsafe start = mapped
            return
        }
        // Give the ends back so that what is left starts at a huge page.
        let head = -Int(bitPattern: mapped) & (Self.hugePageBytes - 1)
        let kept = bytes - slack
        if head > 0 { unsafe munmap(mapped, head) }
        if head < slack { unsafe munmap(mapped + head + kept, slack - head) }
        unsafe start = mapped + head
        #if os(Linux)
            unsafe madvise(mapped + head, kept, hugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)
        #endif
    }

    deinit {
        if let start = unsafe start { unsafe munmap(start, count) }
    }

    #if os(Linux)
        private static let anonymous = MAP_ANONYMOUS
    #else
        private static let anonymous = MAP_ANON
    #endif
}
