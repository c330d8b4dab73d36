internal import DaxSystem

/// A block device that was found to be one that may be formatted: ``DeviceCheck`` alone makes it.
///
/// It holds the device open exclusively (O_EXCL), so that nobody mounts, swaps to or stacks on it
/// meanwhile. Nothing keeps another program from writing to it without asking.
package struct FormattableDevice: ~Copyable {
    package let path: String
    private let number: DeviceNumber
    private let file: HostFile
    private let check: DeviceCheck
    private let format: Bool

    init(
        _ path: String, _ number: DeviceNumber, _ file: consuming HostFile, _ check: DeviceCheck,
        format: Bool
    ) {
        self.path = path
        self.number = number
        self.file = file
        self.check = check
        self.format = format
    }

    /// Lets go of the device for mkfs(8), which wants it exclusively itself and must be next.
    ///
    /// Before that it makes sure, once more, that the path leads to the same device, that nothing uses it
    /// and that its ends are still blank, if they had to be.
    package consuming func release() throws(DeviceRefusal) {
        guard try check.idle(path) == number else { throw DeviceRefusal(path, .replaced) }
        if !format { try check.refuseContents(of: file) }
    }
}
