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
    /// What it can do to the words and the size of a file under test, if it succeeds.
    enum Change {
        case nothing
        /// A store through a shared mapping.
        case byStore
        /// A call on the file.
        case byCall
        /// A call on another file, which stores through a mapping of this one.
        case byCallThroughMapping
    }

    var change: Change {
        switch self {
        case .store, .faultStore, .vectorStore, .stringStore, .childStore: .byStore
        case .write, .pwrite, .directWrite, .syncWrite, .fixedWrite, .writeFrom, .truncate, .punch,
            .zero, .allocate, .reserve, .unshare, .collapse, .insert, .clone, .copy, .exchange:
            .byCall
        case .readInto: .byCallThroughMapping
        case .load, .faultLoad, .childLoad, .privateStore, .privateLoad, .persist, .populate,
            .populateWrite, .pin, .unmappedPin, .privatePin, .read, .pread, .directRead, .fixedRead,
            .seekData, .seekHole,
            .fsync, .msync, .dedupe, .forget, .remap, .reopen, .misalign, .syncRange, .syncfs,
            .flag,
            .protect, .move, .create, .rename, .link, .unlink, .ownStore, .ownLoad, .fill, .drain,
            .freeze, .thaw, .remount, .dropCaches, .recycledPin, .recycledRead, .recycledWrite,
            .shiftedLoad, .carvedLoad, .memoryFailure, .badBlock, .poisonedLoad, .poisonedRead,
            .poisonRewrite, .poisonPunch:
            .nothing
        }
    }

    /// Whether a call of this kind that failed with that errno has surely changed nothing.
    ///
    /// ext4 and xfs say EINVAL of a collapse or insert also when the range is gone already, if there
    /// is no room to shift the rest; but then there is room.
    func isWithoutEffect(errno: Int32) -> Bool {
        switch change {
        // What was cloned by halves is EINVAL, too (ioctl_file_clone: `cloned != olen`).
        case .byCall where self == .clone && errno == EINVAL: false
        case .byCall, .byCallThroughMapping: OperationKind.foundBeforeAnyWork.contains(errno)
        // A child that was killed in its store has an errno, and may have stored.
        case .byStore, .nothing: false
        }
    }

    /// What the kernel finds out about the file, the arguments and the rights before it begins; a
    /// request of a chain that was never started is ECANCELED.
    private static let foundBeforeAnyWork: Set<Int32> = [
        EPERM, EBADF, EACCES, ENODEV, EINVAL, ENOTTY, ETXTBSY, EFBIG, ESPIPE, ENOSYS, EOPNOTSUPP,
        ECANCELED,
    ]
}
