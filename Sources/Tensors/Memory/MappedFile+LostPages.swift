#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension MappedFile {
    /// Makes the loss of a mapped page end the process with a sentence and exit status 74.
    ///
    /// When another process truncates a file, the pages behind its new end can no longer be read,
    /// and the kernel says so with a SIGBUS in the middle of whatever touches them: there is no
    /// call to return an error from. For commands, which call it once at the start; a library must
    /// not set signal handlers behind its host's back.
    package static func reportLostPages() {
        var action = sigaction()
        #if canImport(Darwin)
            unsafe action.__sigaction_u.__sa_handler = { _ in endAfterLostPage() }
        #else
            unsafe action.__sigaction_handler.sa_handler = { _ in endAfterLostPage() }
        #endif
        unsafe sigaction(SIGBUS, &action, nil)
    }
}

/// Only what is allowed in a signal handler: `write` and `_exit`.
private func endAfterLostPage() {
    let message: StaticString = """
        quire: a model file was truncated while it was in use; replace model files by renaming

        """
    unsafe _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    _exit(74)
}
