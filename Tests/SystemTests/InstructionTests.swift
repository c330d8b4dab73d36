import CPowerCut
import Testing

/// Which instructions flush, fence and store around the caches, by their bytes, and the operand of a flush.
@Suite struct InstructionTests {
    private func effect(_ bytes: UInt8...) -> CPowerCut.effect {
        var operand = CPowerCut.operand()
        return unsafe instruction_effect(bytes, bytes.count, &operand)
    }

    private func operand(of bytes: UInt8...) -> CPowerCut.operand {
        var operand = CPowerCut.operand()
        _ = unsafe instruction_effect(bytes, bytes.count, &operand)
        return operand
    }

    @Test func flushes() {
        // clwb (%rax), clflushopt (%rax), clflush (%rax), and the last as the kernel pads it.
        #expect(effect(0x66, 0x0f, 0xae, 0x30) == EFFECT_FLUSH)
        #expect(effect(0x66, 0x0f, 0xae, 0x38) == EFFECT_FLUSH)
        #expect(effect(0x0f, 0xae, 0x38) == EFFECT_FLUSH_ORDERED)
        #expect(effect(0x3e, 0x0f, 0xae, 0x38) == EFFECT_FLUSH_ORDERED)
        // xsaveopt (%rax), wbinvd
        #expect(effect(0x0f, 0xae, 0x30) == EFFECT_NONE)
        #expect(effect(0x0f, 0x09) == EFFECT_FLUSH_ALL)
    }

    @Test func fences() {
        // sfence, mfence, lfence; lock incl (%rax); xchg %rax,(%rbx), and with a register; iretq; wrmsr
        #expect(effect(0x0f, 0xae, 0xf8) == EFFECT_FENCE)
        #expect(effect(0x0f, 0xae, 0xf0) == EFFECT_FENCE)
        #expect(effect(0x0f, 0xae, 0xe8) == EFFECT_NONE)
        #expect(effect(0xf0, 0xff, 0x00) == EFFECT_FENCE)
        #expect(effect(0x48, 0x87, 0x03) == EFFECT_FENCE)
        #expect(effect(0x48, 0x87, 0xc3) == EFFECT_NONE)
        #expect(effect(0x48, 0xcf) == EFFECT_FENCE)
        #expect(effect(0x0f, 0x30) == EFFECT_FENCE)
    }

    @Test func storesAroundTheCaches() {
        // movnti %rax,(%rdi); movntdq %xmm0,(%rdi); vmovntdq %ymm0,(%rdi); movntps; mov %rax,(%rdi)
        #expect(effect(0x48, 0x0f, 0xc3, 0x07) == EFFECT_STREAM)
        #expect(effect(0x66, 0x0f, 0xe7, 0x07) == EFFECT_STREAM)
        #expect(effect(0xc5, 0xfd, 0xe7, 0x07) == EFFECT_STREAM)
        #expect(effect(0x0f, 0x2b, 0x07) == EFFECT_STREAM)
        #expect(effect(0x48, 0x89, 0x07) == EFFECT_NONE)
    }

    @Test func operands() {
        // clwb (%rax); clwb 0x40(%r12); clwb 0x1000(%rdi,%rcx,8); clwb 0x10(%rip); clwb %gs:(%rax)
        let plain = operand(of: 0x66, 0x0f, 0xae, 0x30)
        #expect(plain.base == 0 && plain.index == -1 && plain.displacement == 0 && plain.is_known)
        let short = operand(of: 0x66, 0x41, 0x0f, 0xae, 0x74, 0x24, 0x40)
        #expect(short.base == 12 && short.index == -1 && short.displacement == 0x40)
        let scaled = operand(of: 0x66, 0x0f, 0xae, 0xb4, 0xcf, 0x00, 0x10, 0x00, 0x00)
        #expect(scaled.base == 7 && scaled.index == 1 && scaled.scale == 3)
        #expect(scaled.displacement == 0x1000)
        #expect(!operand(of: 0x66, 0x0f, 0xae, 0x35, 0x10, 0, 0, 0).is_known)
        #expect(!operand(of: 0x65, 0x66, 0x0f, 0xae, 0x30).is_known)
    }

    /// Four levels of tables in a memory of 64 KiB: a page, a large page, and none.
    @Test func pageTables() {
        var memory = [UInt64](repeating: 0, count: 8192)
        func table(_ at: Int, _ index: Int, _ entry: UInt64) { memory[at / 8 + index] = entry }
        table(0x1000, 256, 0x2001)
        table(0x2000, 4, 0x3001)
        table(0x3000, 1, 0x4001)
        table(0x3000, 2, 0x1_4000_0081)
        table(0x4000, 5, 0x8000_0000_0000_9001)
        unsafe memory.withUnsafeMutableBytes { bytes in
            var guest = unsafe guest_memory(
                bytes: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), size: 65536,
                low: 65536)
            let base: UInt64 = 0xffff_8001_0000_0000
            unsafe #expect(guest_translate(&guest, 0x1000, 4, base + 0x20_5123) == 0x9123)
            unsafe #expect(
                guest_translate(&guest, 0x1000, 4, base + 0x40_5123) == 0x1_4000_5123)
            unsafe #expect(guest_translate(&guest, 0x1000, 4, base + 0x60_0000) == UInt64.max)
        }
    }
}
