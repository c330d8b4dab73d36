import DaxMutants
import Testing

@Suite struct ModulePatcherTests {
    /// `sample` as it must be after these places were overwritten and relocations turned off.
    private func expected(
        text: [(Int, [UInt8])] = [], unlikely: [(Int, [UInt8])] = [], off: [Int] = [],
        unlikelyOff: [Int] = []
    ) -> [UInt8] {
        var module = TinyModule.sample
        for (at, code) in text { module.text.replaceSubrange(at..<at + code.count, with: code) }
        for (at, code) in unlikely {
            module.unlikely.replaceSubrange(at..<at + code.count, with: code)
        }
        for index in off { module.relocations[index].type = 0 }
        for index in unlikelyOff { module.unlikelyRelocations[index].type = 0 }
        return module.bytes
    }

    private func refusal(_ module: TinyModule, _ edge: Edge) -> PatchError? {
        #expect(throws: PatchError.self) {
            try ModulePatcher.cut(edges: [edge], in: module.bytes)
        }
    }

    @Test func cutsEveryPlaceOfAnEdgeAndNothingElse() throws {
        let cut = try ModulePatcher.cut(
            edges: [Edge("setattr", "unmap")], in: TinyModule.sample.bytes)
        let call: [UInt8] = [0x31, 0xc0, 0x0f, 0x1f, 0x00]
        let jump: [UInt8] = [0x31, 0xc0, 0xc3, 0xcc, 0xcc]
        #expect(
            cut
                == expected(
                    text: [(2, call), (8, jump)], unlikely: [(1, call)], off: [0, 1],
                    unlikelyOff: [0]))
    }

    @Test func storesTheSecondArgument() throws {
        let cut = try ModulePatcher.cut(
            edges: [Edge("setattr", "unmap", .stores(at: 0x50))], in: TinyModule.sample.bytes)
        let call: [UInt8] = [0x48, 0x89, 0x77, 0x50, 0x90]
        let jump: [UInt8] = [0x48, 0x89, 0x77, 0x50, 0xc3]
        #expect(
            cut
                == expected(
                    text: [(2, call), (8, jump)], unlikely: [(1, call)], off: [0, 1],
                    unlikelyOff: [0]))
    }

    @Test func callsThatSucceedReturnOne() throws {
        let cut = try ModulePatcher.cut(
            edges: [Edge("setattr", "unmap", .succeeds)], in: TinyModule.sample.bytes)
        let call: [UInt8] = [0xb8, 0x01, 0, 0, 0]
        let jump: [UInt8] = [0x6a, 0x01, 0x58, 0xc3, 0xcc]
        #expect(
            cut
                == expected(
                    text: [(2, call), (8, jump)], unlikely: [(1, call)], off: [0, 1],
                    unlikelyOff: [0]))
    }

    /// CallSites count by address, whatever the order of the file; the caller's parts come last.
    @Test func cutsThePlacesThatAreMeant() throws {
        let call: [UInt8] = [0x31, 0xc0, 0x0f, 0x1f, 0x00]
        let jump: [UInt8] = [0x31, 0xc0, 0xc3, 0xcc, 0xcc]
        func cut(_ numbers: Set<Int>) throws -> [UInt8] {
            try ModulePatcher.cut(
                edges: [Edge("setattr", "unmap", only: numbers, of: 3)],
                in: TinyModule.sample.bytes)
        }
        #expect(try cut([1]) == expected(text: [(2, call)], off: [0]))
        #expect(try cut([2]) == expected(text: [(8, jump)], off: [1]))
        #expect(
            try cut([1, 3])
                == expected(
                    text: [(2, call)], unlikely: [(1, call)], off: [0], unlikelyOff: [0]))

        var swapped = TinyModule.sample
        swapped.relocations.swapAt(0, 1)
        swapped.symbols.swapAt(0, 3)
        let second = try ModulePatcher.cut(
            edges: [Edge("setattr", "unmap", only: [2], of: 3)], in: swapped.bytes)
        swapped.text.replaceSubrange(8..<13, with: jump)
        swapped.relocations[0].type = 0
        #expect(second == swapped.bytes)
    }

    @Test func refusesAnotherNumberOfPlaces() {
        for total in [2, 4] {
            let edge = Edge("setattr", "unmap", only: [1], of: total)
            #expect(refusal(.sample, edge) == .otherPlaces(edge, found: 3))
        }
    }

    /// One edge's cut does not renumber another's places.
    @Test func placesAreCountedBeforeAnyIsCut() throws {
        let apart = [1, 2, 3].map { Edge("setattr", "unmap", only: [$0], of: 3) }
        #expect(
            try ModulePatcher.cut(edges: apart, in: TinyModule.sample.bytes)
                == ModulePatcher.cut(
                    edges: [Edge("setattr", "unmap")], in: TinyModule.sample.bytes))
    }

    @Test func followsTheNameOfASection() throws {
        let cut = try ModulePatcher.cut(
            edges: [Edge("other", "unmap")], in: TinyModule.sample.bytes)
        #expect(cut == expected(text: [(13, [0x31, 0xc0, 0x0f, 0x1f, 0x00])], off: [2]))
    }

    @Test func cutsSeveralEdges() throws {
        let edges = [Edge("other", "unmap"), Edge("other", "external")]
        let cut = try ModulePatcher.cut(edges: edges, in: TinyModule.sample.bytes)
        let call: [UInt8] = [0x31, 0xc0, 0x0f, 0x1f, 0x00]
        #expect(cut == expected(text: [(13, call), (18, call)], off: [2, 3]))
    }

    @Test func cutsTheSignatureOff() throws {
        let body = TinyModule.sample.bytes
        let lengths: [UInt8] = [0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 5]
        let mark = Array("~Module signature appended~\n".utf8)
        let signed = body + Array(repeating: 0xaa, count: 8) + lengths + mark
        #expect(try ModulePatcher.cut(edges: [], in: signed) == body)
        #expect(throws: PatchError.badSignature) {
            try ModulePatcher.cut(edges: [], in: lengths + mark)
        }
        #expect(throws: PatchError.badSignature) {
            try ModulePatcher.cut(edges: [], in: lengths.dropFirst() + mark)
        }
    }

    @Test func namesTheCallersOfAnEdgeThatIsNotThere() {
        let edge = Edge("other", "no_such")
        #expect(refusal(.sample, edge) == .noEdge(edge, callers: []))
        let wrong = Edge("setattr", "external")
        #expect(refusal(.sample, wrong) == .noEdge(wrong, callers: ["other"]))
    }

    @Test func refusesAFunctionThatIsNotThere() {
        #expect(refusal(.sample, Edge("inlined", "unmap")) == .noFunction("inlined"))
        #expect(refusal(.sample, Edge("external", "unmap")) == .noFunction("external"))
        #expect(refusal(.sample, Edge("setattr.col", "unmap")) == .noFunction("setattr.col"))
    }

    @Test func aLongerNameIsAnotherFunction() {
        var module = TinyModule.sample
        module.symbols[0].name = "setattr_size"
        module.symbols[3].name = "setattr.c"
        #expect(refusal(module, Edge("setattr", "unmap")) == .noFunction("setattr"))
        module.symbols[0].name = "setattr.isra.0"
        #expect(throws: Never.self) {
            try ModulePatcher.cut(edges: [Edge("setattr", "unmap")], in: module.bytes)
        }
    }

    @Test func refusesTwoFunctionsOfOneName() {
        var module = TinyModule.sample
        module.symbols[1].name = "setattr"
        #expect(refusal(module, Edge("setattr", "unmap")) == .ambiguous("setattr"))
    }

    @Test(arguments: [0x3d, 0x84] as [UInt8])
    func refusesWhatIsNoCall(opcode: UInt8) {
        var module = TinyModule.sample
        module.text[8] = opcode  // As in lea rdi,[rip+unmap] or je unmap.
        let edge = Edge("setattr", "unmap")
        #expect(refusal(module, edge) == .notACall(edge, offset: 8, opcode: opcode))
    }

    @Test func refusesAnotherRelocation() {
        var module = TinyModule.sample
        module.relocations[1].type = 11
        let edge = Edge("setattr", "unmap")
        #expect(refusal(module, edge) == .badRelocation(edge, offset: 9, type: 11))
    }

    @Test func refusesACallThatLeavesItsFunction() {
        var module = TinyModule.sample
        module.symbols[0].size = 12
        #expect(
            refusal(module, Edge("setattr", "unmap"))
                == .malformed("call at the edge of setattr"))
        module.symbols[0].size = 1 << 40
        #expect(
            refusal(module, Edge("setattr", "unmap"))
                == .malformed("call at the edge of setattr"))
        module.symbols[0].size = 13
        module.text[4] = 1
        #expect(
            refusal(module, Edge("setattr", "unmap"))
                == .malformed("field of a relocation in setattr"))
    }

    @Test func aPlaceWithinTheCalleeIsNotTheCallee() {
        var module = TinyModule.sample
        module.relocations[3] = .init(offset: 19, symbol: 4, addend: -3)
        let edge = Edge("other", "external")
        #expect(refusal(module, edge) == .noEdge(edge, callers: []))
    }

    @Test func refusesAnotherFile() {
        for bytes in [[], Array("#!/bin/sh\n".utf8), Array(repeating: 0, count: 4096)] {
            #expect(throws: PatchError.malformed("ELF header")) {
                try ModulePatcher.cut(edges: [], in: bytes)
            }
        }
        var program = TinyModule.sample.bytes
        program[16] = 2
        #expect(throws: PatchError.malformed("ELF header")) {
            try ModulePatcher.cut(edges: [], in: program)
        }
    }

    /// A damaged file is refused or patched, and never read beyond its end (which would trap).
    @Test func survivesDamage() {
        let edges = [Edge("setattr", "unmap"), Edge("other", "absent")]
        let sound = TinyModule.sample.bytes
        var refused = 0
        var patched = 0
        for length in sound.indices {
            #expect(throws: PatchError.self) {
                try ModulePatcher.cut(edges: edges, in: sound.prefix(length))
            }
        }
        for index in sound.indices {
            for value: UInt8 in [0x00, 0x7f, 0xff] {
                var damaged = sound
                damaged[index] = value
                do {
                    let cut = try ModulePatcher.cut(edges: [edges[0]], in: damaged)
                    #expect(cut.count == sound.count)
                    patched += 1
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 100 && patched > 100)
    }
}
