import DaxModel
import DaxOracle

extension ReferenceFile {
    /// What lseek(2) sees of one page: it read the size before, and goes on until it finds.
    ///
    /// A page of zeros may be a hole or not, as whoever made it so pleased; one with anything in it is
    /// data.
    mutating func probe(_ page: UInt64, _ running: inout Running) {
        guard case .seek(let first, let wantsHole) = running.order.call, running.place == nil else {
            return
        }
        guard page * 4096 < running.seenSize, first * 8 < running.seenSize else { return }
        let words = words[Int(512 * page)..<Int(512 * page) + 512]
        let isEmpty = words.allSatisfy { $0 == 0 }
        let isHole = isEmpty ? random.chance(1, in: 2) : strikes(.dataInAHole)
        if isHole == wantsHole { running.place = max(first * 8, page * 4096) }
    }

    /// Tells what a seek from the word `first` on found.
    mutating func record(
        _ running: Running, seekFrom first: UInt64, hole: Bool, over interval: Interval
    ) {
        if hole {
            // The end of file is a hole; behind it there is none.
            let end = first * 8 < running.seenSize ? running.seenSize : nil
            semantics.seekHole(
                running.operation, from: first * 8, found: running.place ?? end, over: interval)
        } else if let place = running.place {
            let asked = first..<min(first + 512, Program.words)
            semantics.seekData(running.operation, asked, found: place, over: interval)
        }
    }
}
