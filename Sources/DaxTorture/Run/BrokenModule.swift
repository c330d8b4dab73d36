import DaxHost
import DaxMachine
import DaxModel
package import DaxMutants
import DaxSystem

extension Mutant {
    /// The module, broken, for the kernel of that release.
    func image(among modules: [KernelModule], of release: String) throws -> [UInt8] {
        guard let version = KernelVersion(release: release), let edges = edges(on: version) else {
            throw RunError.untested("\(name) is not known for kernel \(release)")
        }
        guard let module = modules.first(where: { $0.name == module }) else {
            throw RunError.untested("\(name) breaks \(module), which is built into \(release)")
        }
        do {
            return try ModulePatcher.cut(edges: edges, in: module.image())
        } catch let error as PatchError {
            throw RunError.untested("\(name) does not fit \(module.path): \(error)")
        }
    }

    /// Breaks the module in a directory such as /lib/modules/RELEASE, which is called as its kernel is, and
    /// returns its path: another file takes the place of the sound one, whose other links stay sound.
    package func breakModule(in directory: String) throws -> String {
        let path = try Files.canonical(directory)
        let release = path.split(separator: "/").last.map(String.init) ?? ""
        let modules = try KernelModules(directory: path).order(
            needed: [module], optional: [], release: release)
        let image = try image(among: modules, of: release)
        guard let sound = modules.first(where: { $0.name == module })?.path,
            let name = sound.split(separator: "/").last
        else { throw RunError.untested("\(path) has no \(module)") }
        // What was compressed is not so any more.
        let broken = name.prefix { $0 != "." } + ".ko"
        let place = try Directory(Files.parent(of: sound))
        try place.replace(String(broken), with: image)
        if broken != name { try place.remove(String(name)) }
        return place.path(of: String(broken))
    }
}
