import Glibc

/// The CPUs of the machine that this process runs on.
public enum Processors {
    /// How many are online (sysconf(3), _SC_NPROCESSORS_ONLN).
    public static var online: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
}
