/// Why a module was not patched. A module is patched wholly or not at all.
package enum PatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not an x86-64 ELF relocatable object, or one whose `part` makes no sense.
    case malformed(String)
    /// The bytes end with a signature's mark, and the lengths before it do not fit.
    case badSignature
    /// No function of that name is in the module: it was inlined, or the kernel is another one.
    case noFunction(String)
    /// Several functions have that name; which one is meant cannot be known.
    case ambiguous(String)
    /// The caller has no call of the callee that a relocation names; these functions have.
    case noEdge(Edge, callers: [String])
    /// The caller makes the call in `found` places, and the edge says in how many it must.
    case otherPlaces(Edge, found: Int)
    /// The callee is named at `offset` of the caller by something else than a call or a jump
    /// (its address is taken, say): cutting the calls alone would not cut the edge.
    case notACall(Edge, offset: UInt64, opcode: UInt8)
    /// The callee is named at `offset` of the caller by a relocation of a kind that no call has.
    case badRelocation(Edge, offset: UInt64, type: UInt32)

    /// One line for the user.
    package var description: String {
        switch self {
        case .malformed(let part): "not a kernel module for x86-64: \(part)"
        case .badSignature: "the module's signature is cut short"
        case .noFunction(let name): "no function \(name) in the module (inlined, or renamed)"
        case .ambiguous(let name): "the module has several functions \(name)"
        case .noEdge(let edge, let callers):
            "no call \(edge) in the module; \(edge.callee) is called by "
                + (callers.isEmpty ? "nothing there" : callers.joined(separator: ", "))
        case .otherPlaces(let edge, let found):
            "\(edge): the module has \(found) such calls, and is built from other code"
        case .notACall(let edge, let offset, let opcode):
            "\(edge): opcode 0x\(hex(UInt64(opcode))) at +0x\(hex(offset)) is neither call nor jump"
        case .badRelocation(let edge, let offset, let type):
            "\(edge): relocation type \(type) at +0x\(hex(offset)) is not one of a call"
        }
    }

    private func hex(_ value: UInt64) -> String { String(value, radix: 16) }
}
