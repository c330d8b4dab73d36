import DaxModel
import DaxText
import Testing

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("4096", 4096), ("64KiB", 65536), ("2MiB", 2 << 20), ("1GiB", 1 << 30),
        ("3TiB", 3 << 40), ("2M", 2 << 20), ("18446744073709551615", UInt64.max),
    ])
    func reads(_ text: String, _ bytes: UInt64) {
        #expect(ByteSize(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "MiB", "-1", "+1", "1.5MiB", "64KB", "64kb", "2 MiB", " 2MiB", "2MiB ", "0x10",
        "18446744073709551616", "16777216TiB", "１MiB",
    ])
    func refuses(_ text: String) { #expect(ByteSize(text) == nil) }

    @Test func printsInTheLargestUnitThatFits() {
        #expect(ByteSize(bytes: 0).description == "0")
        #expect(ByteSize(bytes: 1023).description == "1023")
        #expect(ByteSize.kib(1536).description == "1536KiB")
        #expect(ByteSize.gib(2048).description == "2TiB")
    }

    @Test func survivesTheRoundTrip() {
        var random = Random(seed: 1)
        for _ in 0..<2000 {
            let size = ByteSize(bytes: random.next() >> random.below(64))
            #expect(ByteSize(size.description) == size)
        }
    }
}

@Suite struct TimeSpanTests {
    @Test(arguments: [
        ("0s", 0), ("45s", 45_000_000_000), ("500ms", 500_000_000), ("10m", 600_000_000_000),
        ("2h", 7_200_000_000_000), ("3us", 3000), ("7ns", 7),
    ])
    func reads(_ text: String, _ nanoseconds: UInt64) {
        #expect(TimeSpan(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "60", "s", "-1s", "1.5s", "1 s", "1sec", "1d", "1S", "5124096h"])
    func refuses(_ text: String) { #expect(TimeSpan(text) == nil) }

    @Test func survivesTheRoundTrip() {
        var random = Random(seed: 2)
        for _ in 0..<2000 {
            let span = TimeSpan(nanoseconds: random.next() >> random.below(64))
            #expect(TimeSpan(span.description) == span)
        }
        #expect(TimeSpan.seconds(60).description == "1m")
        #expect(TimeSpan.seconds(90).description == "90s")
    }
}

@Suite struct SeedTests {
    @Test func readsBothWritingsAndPrintsOne() {
        #expect(Seed("7") == Seed(7))
        #expect(Seed("0x7") == Seed(7))
        #expect(Seed("0xFFFFFFFFFFFFFFFF") == Seed(.max))
        #expect(Seed(255).description == "0xff")
    }

    @Test(arguments: ["", "0x", "-7", "+7", "0x-7", "0x+7", "7.0", "seven", "0x1ffffffffffffffff"])
    func refuses(_ text: String) { #expect(Seed(text) == nil) }
}
