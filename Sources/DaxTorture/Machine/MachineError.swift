package import DaxHost
package import DaxSystem

/// Why a machine could not be asked for, or could not be had.
///
/// Each case is one line of text and one exit status: `usage` where the shape of the machine was wrong,
/// `untested` where nothing could be tested. A kernel or modules that cannot be used are of the second kind: `git
/// bisect run` takes `usage` for bad, and the commit that could not be built is to be skipped.
package enum MachineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `--kernel` names something that is not a bootable x86 kernel.
    case notAKernel(path: String, reason: String)
    /// `--modules` names a directory without a single kernel module.
    case noModules(directory: String)
    /// The modules were built for another kernel.
    case wrongModules(directory: String, kernel: String, modules: String)
    /// A module that the run needs is neither a file nor built in.
    case missingModule(String, directory: String)
    /// A module's file is not what it should be.
    case badModule(path: String, reason: String)
    /// A file that is said to be a kernel's configuration, and has no line of one.
    case notAConfig(path: String)
    /// A size or count that no machine can have.
    case badShape(String)
    /// No kernel image anywhere, or none that has this module as a file.
    case noKernel(looked: [String], module: String? = nil)
    /// A script that brings what is missing is itself not where it belongs.
    case missingScript(String, looked: [String])
    /// No QEMU anywhere.
    case noQEMU(looked: [String])
    /// QEMU is there and too old for what was asked.
    case oldQEMU(path: String, version: String, needed: String)
    /// `--accel kvm` where KVM does not work.
    case noKVM(reason: String)
    /// A program that the initramfs needs is missing, or a library of it.
    case missingProgram(String, reason: String)
    /// QEMU, or a tool that is called, would not run.
    case failed(program: String, reason: String)
    /// A system call failed on the host.
    case host(SystemError)
    /// A signal came before there was a machine.
    case interrupted

    /// The exit status that the case maps to.
    package var exitStatus: ExitStatus {
        switch self {
        case .badShape, .notAConfig: .usage
        case .notAKernel, .noModules, .wrongModules, .missingModule, .badModule, .noKernel,
            .missingScript, .noQEMU, .oldQEMU, .noKVM, .missingProgram, .failed, .host,
            .interrupted:
            .untested
        }
    }

    package var description: String {
        switch self {
        case .notAKernel(let path, let reason):
            "\(path) is not a bootable x86-64 kernel: \(reason)"
        case .noModules(let directory):
            "\(directory) holds no kernel modules (a directory such as /lib/modules/RELEASE is wanted)"
        case .wrongModules(let directory, let kernel, let modules):
            "the modules in \(directory) do not fit the kernel: they are for \(modules), it is \(kernel)"
        case .missingModule(let name, let directory):
            "module \(name) is neither in \(directory) nor built into its kernel (modules.builtin)"
        case .badModule(let path, let reason):
            "\(path) is not a usable kernel module: \(reason)"
        case .notAConfig(let path):
            "\(path) is no kernel configuration: it has no line CONFIG_NAME=y"
        case .badShape(let reason): reason
        case .noKernel(let looked, nil):
            "no kernel to boot: looked for \(looked.joined(separator: ", ")); daxtorture fetch brings one, "
                + "or give one by --kernel"
        case .noKernel(let looked, let module?):
            "no kernel whose \(module) is a module, and none else can be broken: looked for "
                + "\(looked.joined(separator: ", ")); daxtorture fetch \(Supply.kernelOfModules) brings one, "
                + "or give one by --kernel and --modules"
        case .noQEMU(let looked):
            "no qemu-system-x86_64: looked in \(looked.joined(separator: ", ")); daxtorture fetch brings one"
        case .missingScript(let name, let looked):
            "the script \(name) is not there: looked for \(looked.joined(separator: ", "))"
        case .oldQEMU(let path, let version, let needed):
            "\(path) is QEMU \(version); \(needed)"
        case .noKVM(let reason): "KVM does not work here: \(reason)"
        case .missingProgram(let name, let reason): "cannot put \(name) into the machine: \(reason)"
        case .failed(let program, let reason): "\(program): \(reason)"
        case .host(let error): error.description
        case .interrupted: "interrupted before the machine was started"
        }
    }
}

/// Runs host work and turns its failures into the machine's.
func onHost<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
) throws(MachineError) -> Result {
    do throws(SystemError) { return try body() } catch { throw .host(error) }
}
