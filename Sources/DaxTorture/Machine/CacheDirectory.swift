internal import DaxSystem

/// Where QEMU, kernels and remembered answers are kept between runs.
public enum CacheDirectory {
    /// $XDG_CACHE_HOME/daxtorture, or ~/.cache/daxtorture. It need not exist.
    public static var path: String {
        if let cache = Files.environment("XDG_CACHE_HOME") { return "\(cache)/daxtorture" }
        return "\(Files.environment("HOME") ?? "/root")/.cache/daxtorture"
    }
}
