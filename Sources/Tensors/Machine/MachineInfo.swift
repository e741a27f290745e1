#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine gives to this process.
public enum MachineInfo {
    /// The cores that this process may use at once.
    public static let usableCores: Int = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
