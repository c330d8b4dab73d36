/// Cuts call edges in a copy of a kernel module as a distribution ships it. No compiler, no
/// headers: a 5-byte instruction is overwritten and its relocation turned off.
///
///     call callee    e8 ........   ->   31 c0 0f 1f 00   xor eax,eax; nop
///     jmp callee     e9 ........   ->   31 c0 c3 cc cc   xor eax,eax; ret; int3; int3
///
/// For `Edge.Effect.succeeds` it is `mov eax,1`, 5 bytes, and `push 1; pop rax; ret; int3`; for
/// `Edge.Effect.stores` the two `xor` bytes and what follows become
/// `mov [rdi+disp8],rsi`, 4 bytes, with `nop` or `ret`.
///
/// Why this is sound:
/// - A caller expects every caller-saved register destroyed, and rax is the result; `xor eax,eax`
///   makes it 0, whatever its width. Flags are destroyed by a call, too.
/// - A jump to another function is a tail call, made where the stack is as it was on entry, so
///   that `ret` there does what the callee's own return would do. It is a bare `ret` where the
///   compiler would write `jmp __x86_return_thunk`: the thunk guards against speculation and does
///   nothing else, and the kernel rewrites only those that .return_sites lists, which this is not.
/// - Other tables may list the instruction. .call_sites does in kernels with call depth tracking
///   (6.2 on), and the kernel skips what is no call there. __mcount_loc lists calls of __fentry__,
///   .static_call_sites calls of trampolines, .altinstructions and .retpoline_sites other
///   instructions: edges to those are not for cutting.
/// - The loader skips R_X86_64_NONE and looks at no signature once none is there (Debian does not
///   enforce them; the kernel is tainted with E, which is to be expected of a mutant).
///
/// A call inside one object file, of a function local to it, has no relocation, and cannot be
/// found without decoding every instruction: such an edge is refused as absent.
package enum ModulePatcher {
    /// A copy of `module`, an uncompressed .ko file, with every edge cut and the signature gone.
    ///
    /// All of an edge's places are cut if it names none, those in the caller's cold and cloned
    /// parts included; an edge without one is an error, and so is a place that looks unlike a call.
    package static func cut(
        edges: [Edge], in module: some Collection<UInt8>
    ) throws(PatchError) -> [UInt8] {
        var object = try ModuleObject(withoutSignature(Array(module)))
        // All are found before any is cut, so that places keep their numbers.
        var all: [Place] = []
        for edge in edges { all += try places(of: edge, in: object) }
        for place in all {
            object.bytes.replaceSubrange(place.instruction, with: place.replacement)
            // Only the type, the low half of r_info: what was called stays readable.
            let type = place.relocation + 8
            object.bytes.replaceSubrange(type..<type + 4, with: [0, 0, 0, 0])
        }
        return object.bytes
    }

    /// One instruction to overwrite.
    private struct Place {
        var instruction: Range<Int>
        var replacement: [UInt8]
        var relocation: Int
    }

    /// The places of an edge, by address, those in the caller's parts last.
    private static func places(
        of edge: Edge, in object: ModuleObject
    ) throws(PatchError) -> [Place] {
        var places: [Place] = []
        for function in try functions(edge.caller, in: object) {
            let range = function.value..<function.end
            let relocations = try object.relocations(of: function.section, in: range)
            for relocation in relocations.sorted(by: { $0.offset < $1.offset })
            where relocation.type != ModuleObject.RelocationType.none
                && object.target(of: relocation).map({ isPart($0, of: edge.callee) }) == true
            {
                places.append(try place(of: edge, at: relocation, in: function, object))
            }
        }
        guard !places.isEmpty else {
            throw .noEdge(edge, callers: try callers(of: edge.callee, in: object))
        }
        guard let meant = edge.places else { return places }
        guard places.count == meant.total else { throw .otherPlaces(edge, found: places.count) }
        return meant.numbers.sorted().map { places[$0 - 1] }
    }

    private static func place(
        of edge: Edge, at relocation: ModuleObject.Relocation, in function: ModuleObject.Symbol,
        _ object: ModuleObject
    ) throws(PatchError) -> Place {
        let offset = relocation.offset - function.value
        guard
            [ModuleObject.RelocationType.plt32, ModuleObject.RelocationType.pc32]
                .contains(relocation.type)
        else { throw .badRelocation(edge, offset: offset, type: relocation.type) }
        let section = object.sections[function.section].bytes
        guard function.end <= UInt64(section.count), offset >= 1,
            relocation.offset + 4 <= function.end
        else { throw .malformed("call at the edge of \(function.name)") }
        let start = section.lowerBound + Int(relocation.offset) - 1
        // The loader itself insists on a field of zeros.
        guard try object.read(start + 1, UInt32.self) == 0 else {
            throw .malformed("field of a relocation in \(function.name)")
        }
        let opcode = try object.read(start, UInt8.self)
        guard opcode == 0xe8 || opcode == 0xe9 else {
            throw .notACall(edge, offset: offset - 1, opcode: opcode)
        }
        return Place(
            instruction: start..<start + 5,
            replacement: replacement(edge.effect, tailCall: opcode == 0xe9),
            relocation: relocation.position)
    }

    /// Five bytes of code.
    private static func replacement(_ effect: Edge.Effect, tailCall: Bool) -> [UInt8] {
        switch effect {
        case .nothing: [0x31, 0xc0] + (tailCall ? [0xc3, 0xcc, 0xcc] : [0x0f, 0x1f, 0x00])
        case .succeeds: tailCall ? [0x6a, 0x01, 0x58, 0xc3, 0xcc] : [0xb8, 0x01, 0, 0, 0]
        case .stores(let offset): [0x48, 0x89, 0x77, offset, tailCall ? 0xc3 : 0x90]
        }
    }

    /// The function of that name and what the compiler made of it: cold parts, clones; the
    /// shortest name, which is the body's, first.
    private static func functions(
        _ name: String, in object: ModuleObject
    ) throws(PatchError) -> [ModuleObject.Symbol] {
        let found = object.symbols.filter {
            $0.isFunction && object.sections.indices.contains($0.section) && $0.section != 0
                && isPart($0.name, of: name)
        }
        guard !found.isEmpty else { throw .noFunction(name) }
        guard Set(found.map(\.name)).count == found.count else { throw .ambiguous(name) }
        return found.sorted { ($0.name.utf8.count, $0.name) < ($1.name.utf8.count, $1.name) }
    }

    /// Whether `symbol` is `function`, or GCC's name for a part or clone of it:
    /// `ext4_setattr.cold`, `xfs_iread.isra.0.part.1`.
    private static func isPart(_ symbol: String, of function: String) -> Bool {
        guard symbol.hasPrefix(function) else { return false }
        let suffix = symbol.dropFirst(function.count)
        guard !suffix.isEmpty else { return true }
        return suffix.first == "."
            && suffix.dropFirst().split(separator: ".", omittingEmptySubsequences: false).allSatisfy
            {
                ["cold", "isra", "constprop", "part"].contains($0) || Int($0) != nil
            }
    }

    /// The functions with a call or jump that a relocation leads to `callee`, sorted.
    private static func callers(
        of callee: String, in object: ModuleObject
    ) throws(PatchError) -> [String] {
        var names: Set<String> = []
        for section in object.sections.indices {
            let calls = try object.relocations(of: section).filter {
                ($0.type == ModuleObject.RelocationType.plt32
                    || $0.type == ModuleObject.RelocationType.pc32)
                    && object.target(of: $0).map { isPart($0, of: callee) } == true
            }
            for call in calls {
                let caller = object.symbols.first {
                    $0.isFunction && $0.section == section
                        && ($0.value..<$0.end).contains(call.offset)
                }
                if let caller { names.insert(caller.name) }
            }
        }
        return names.sorted()
    }

    /// The module without the signature that may follow it: signer and key (of lengths that are 0
    /// today), the signature, 12 bytes that hold those lengths, a mark of 28 bytes.
    private static func withoutSignature(_ module: [UInt8]) throws(PatchError) -> [UInt8] {
        let mark = Array("~Module signature appended~\n".utf8)
        guard module.count >= mark.count, module.suffix(mark.count) == mark[...] else {
            return module
        }
        let lengths = module.count - mark.count - 12
        guard lengths >= 0 else { throw .badSignature }
        // struct module_signature: signer_len at 3, key_id_len at 4, sig_len big-endian at 8.
        let signature = module[lengths + 8..<lengths + 12].reduce(0) { $0 << 8 | Int($1) }
        let end = lengths - Int(module[lengths + 3]) - Int(module[lengths + 4]) - signature
        guard end >= 0 else { throw .badSignature }
        return Array(module[..<end])
    }
}
