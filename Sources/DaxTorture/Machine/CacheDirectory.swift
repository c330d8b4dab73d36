internal import DaxSystem

/// Where QEMU, kernels and remembered answers are kept between runs.
public enum CacheDirectory {
    /// $XDG_CACHE_HOME/daxtorture, or ~/.cache/daxtorture. It need not exist.
    public static var path: String {
        path(cache: Files.environment("XDG_CACHE_HOME"), home: Files.environment("HOME"))
    }

    /// The same from the two variables. A service manager may set neither: then the home directory is
    /// the one that the user database names, as in ci/lib.sh.
    static func path(cache: String?, home: String?) -> String {
        cache.map { "\($0)/daxtorture" }
            ?? "\(home ?? Files.homeDirectory ?? "")/.cache/daxtorture"
    }
}
