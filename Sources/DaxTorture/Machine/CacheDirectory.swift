internal import DaxSystem

/// Where QEMU, kernels and remembered answers are kept between runs.
package enum CacheDirectory {
    /// $XDG_CACHE_HOME/daxtorture, or ~/.cache/daxtorture, an absolute path. It need not exist.
    package static var path: String {
        path(cache: Files.environment("XDG_CACHE_HOME"), home: Files.environment("HOME"))
    }

    /// The cache directory by the values of XDG_CACHE_HOME and HOME. A service manager may set
    /// neither, and one that is no absolute path would mean another place in each working
    /// directory: then the home directory is the one that the user database names, as in ci/lib.sh.
    static func path(cache: String?, home: String?) -> String {
        absolute(cache).map { "\($0)/daxtorture" }
            ?? "\(absolute(home) ?? Files.homeDirectory ?? "")/.cache/daxtorture"
    }

    private static func absolute(_ path: String?) -> String? {
        path.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
