import DaxOperations
import DaxOracle
import Glibc

extension Record {
    /// How a call ended, as far as its effects go.
    var callResult: CallResult {
        if outcome == .done { return .done }
        return kind.isWithoutEffect(errno: code) ? .refused : .failed
    }
}

extension OperationKind {
    /// Whether a call of this kind that failed with that errno has surely changed nothing.
    ///
    /// ext4 and xfs say EINVAL of a collapse or insert also when the range is gone already, if there
    /// is no room to shift the rest; but then there is room.
    func isWithoutEffect(errno: Int32) -> Bool {
        switch traits.effect {
        // What was cloned by halves is EINVAL, too (ioctl_file_clone: `cloned != olen`).
        case .call where self == .clone && errno == EINVAL: false
        case .call, .lentStore: OperationKind.foundBeforeAnyWork.contains(errno)
        // A child that was killed in its store has an errno, and may have stored.
        case .store, .nothing, .excuse, .syncFile, .syncRange, .elsewhere: false
        }
    }

    /// What the kernel finds out about the file, the arguments and the rights before it begins; a
    /// request of a chain that was never started is ECANCELED.
    private static let foundBeforeAnyWork: Set<Int32> = [
        EPERM, EBADF, EACCES, ENODEV, EINVAL, ENOTTY, ETXTBSY, EFBIG, ESPIPE, ENOSYS, EOPNOTSUPP,
        ECANCELED,
    ]
}
