/// How many lines of each module hold the word `unsafe`. The numbers are a ratchet: a change that
/// lowers a count lowers it here too, and a change that raises one says why in its commit.
enum UnsafeBudget {
    static let lines: [String: Int] = [
        // The terminal's settings are read and set through a pointer, and what `execv` is given is
        // pointers: another program in the place of this one, with its variables and signals.
        "quire": 10,
        // Kernels take pointers: the faces that check shapes before they call them. A pool's
        // threads share cache lines that are laid out by hand. A page of the cache lies in runs.
        // Products pack panels on their way; rows are rounded from and to memory without a copy.
        "Tensors": 481,
        // What a new thread of the system's is given goes through a pointer.
        "QuireThreads": 4,
    ]
}
