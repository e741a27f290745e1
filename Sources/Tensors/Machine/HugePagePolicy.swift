/// When Linux gives huge pages to a process: the words that it has chosen in
/// /sys/kernel/mm/transparent_hugepage.
package struct HugePagePolicy: Hashable, Sendable {
    /// For memory of a process's own, which weights and KV cache are: `always`, `madvise` (for
    /// those that ask, as Quire does) or `never`.
    package let own: String

    /// For shared memory: `always`, `within_size`, `advise`, `never`, `deny` or `force`.
    package let shared: String?

    init?(read: (String) -> String?) {
        let folder = "/sys/kernel/mm/transparent_hugepage/"
        guard let own = Self.chosen(read(folder + "enabled")) else { return nil }
        self.own = own
        shared = Self.chosen(read(folder + "shmem_enabled"))
    }

    /// The word in brackets: `always [madvise] never`.
    private static func chosen(_ text: String?) -> String? {
        guard let text, let open = text.firstIndex(of: "["),
            let close = text[open...].firstIndex(of: "]")
        else { return nil }
        return String(text[text.index(after: open)..<close])
    }
}
