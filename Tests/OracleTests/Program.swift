import DaxModel

/// What actors are told to do to a reference file.
struct Program {
    enum Call {
        case store(Range<UInt64>, torn: Bool)
        case load(Range<UInt64>, torn: Bool)
        case touch(page: UInt64)
        case write(Range<UInt64>)
        case read(Range<UInt64>)
        case truncate(to: UInt64)
        case punch(Range<UInt64>)
        case zeroRange(Range<UInt64>, keepSize: Bool)
        case allocate(Range<UInt64>, keepSize: Bool)
        case status
        /// lseek(2) for data, or for a hole, from a word on.
        case seek(from: UInt64, hole: Bool)
        case collapse(Range<UInt64>)
        case insert(Range<UInt64>)
        /// A copy within the file, word by word.
        case copy(Range<UInt64>, from: UInt64)
        /// An exchange of whole pages of the file with as many from a word on.
        case exchange(Range<UInt64>, with: UInt64)
    }

    struct Order {
        var actor: ActorNumber
        var call: Call
        /// After how many steps a call that changes files fails; nil for never.
        var failsAfter: Int?
        /// Its own choices: which of two filesystems it behaves like.
        var choices: UInt64

        /// Whether it may be carried out in parts, if it is a write.
        var isInParts: Bool { choices & 768 == 768 }
    }

    var orders: [Order]
    /// Who is to move next, in each moment.
    var schedule: UInt64
    var initialSize: UInt64

    static let pages: UInt64 = 4
    static let words: UInt64 = 512 * pages
    static let actors = 5

    /// A program of `count` orders, most of them on few words, so that they meet.
    static func random(_ seed: UInt64, count: Int) -> Program {
        var random = Random(seed: seed)
        let failures = random.chance(1, in: 3)
        let moves = random.chance(1, in: 2)
        // Each program leaves some calls out, so that rare mixes are reached.
        var weights: [UInt64] = [30, 30, 6, 10, 10, 8, 8, 4, 3, 6].map {
            random.chance(3, in: 4) ? $0 : 1
        }
        // Words that move are judged by other rules: half of the programs do without.
        // A fifth exchanges pages instead: all moves at once would leave each word too many ways.
        var others = Random(seed: seed, stream: 1)
        let exchanges = others.chance(1, in: 5)
        if exchanges {
            // Pages that are hardly ever there cannot change places.
            for call in 5...7 { weights[call] = min(weights[call], 2) }
        }
        weights += exchanges ? [0, 0, 1, 5] : moves ? [3, 3, 6, 0] : [0, 0, 0, 0]
        weights.append(others.chance(1, in: 2) ? 4 : 0)
        var places: [UInt64] = []
        for _ in 0..<3 { places.append(random.below(words)) }
        places.append(512 * (1 + random.below(pages - 1)))
        var sizes: [UInt64] = []
        for _ in 0..<4 {
            let words = 64 + random.below(words - 64)
            sizes.append(8 * (random.chance(1, in: 2) ? words : (words + 511) / 512 * 512))
        }
        var orders: [Order] = []
        for _ in 0..<count {
            func range(upTo longest: UInt64) -> Range<UInt64> {
                let length = 1 + random.below(longest)
                let around = places[random.below(places.count)] + random.below(4)
                let first = min(around - min(around, random.below(4)), words - length)
                return first..<first + length
            }
            func pages() -> Range<UInt64> {
                let first = random.below(Program.pages)
                let range = 512 * first..<512 * (first + 1 + random.below(Program.pages - first))
                guard random.chance(1, in: 3) else { return range }
                let cut = random.below(UInt64(500))
                return range.lowerBound + cut..<range.upperBound - random.below(UInt64(511 - cut))
            }
            func blocks() -> Range<UInt64> {
                let first = random.below(Program.pages - 1)
                return 512 * first..<512 * (first + 1)
            }
            func exchange() -> Call {
                let pages = Program.pages
                let first = random.below(pages - 1)
                let other = first + 1 + random.below(pages - 1 - first)
                let count = 1 + random.below(min(other - first, pages - other))
                let (low, high) = (512 * first, 512 * other)
                return random.chance(1, in: 2)
                    ? .exchange(low..<low + 512 * count, with: high)
                    : .exchange(high..<high + 512 * count, with: low)
            }
            func copy(_ to: Range<UInt64>) -> Call {
                let from = range(upTo: 1).lowerBound
                let length = min(UInt64(to.count), words - from, from.distance(from: to.lowerBound))
                return .copy(
                    to.lowerBound..<to.lowerBound + length, from: from)
            }
            let torn = random.chance(1, in: 6)
            let call: Call =
                switch random.weighted(weights) {
                case 0: .store(range(upTo: 8), torn: torn)
                case 1: .load(range(upTo: 8), torn: torn)
                case 2: .touch(page: random.below(Program.pages))
                case 3: .write(range(upTo: 12))
                case 4: .read(range(upTo: 12))
                case 5: .truncate(to: sizes[random.below(sizes.count)])
                case 6: .punch(random.chance(1, in: 2) ? range(upTo: 16) : pages())
                case 7: .zeroRange(pages(), keepSize: random.chance(1, in: 2))
                case 8: .allocate(pages(), keepSize: random.chance(1, in: 2))
                case 9: .status
                case 10: .collapse(blocks())
                case 11: .insert(blocks())
                case 12: copy(range(upTo: 12))
                case 13: exchange()
                default: .seek(from: range(upTo: 1).lowerBound, hole: random.chance(1, in: 2))
                }
            orders.append(
                Order(
                    actor: ActorNumber(index: random.below(actors)), call: call,
                    failsAfter: failures && random.chance(1, in: 8) ? random.below(6) : nil,
                    choices: random.next()))
        }
        return Program(orders: orders, schedule: random.next(), initialSize: sizes[0])
    }

    /// The least program found that still fails: pieces are left out as long as that helps, and
    /// for each attempt a few schedules are tried.
    func shrunk(while fails: (Program) -> Bool) -> Program {
        var best = self
        var piece = best.orders.count / 2
        while piece > 0 {
            var from = 0
            var helped = false
            while from < best.orders.count {
                var attempt = best
                attempt.orders.removeSubrange(from..<min(from + piece, best.orders.count))
                var works = false
                for turn in 0..<8 where !works {
                    if turn > 0 { attempt.schedule = Random.mix(best.schedule &+ UInt64(turn)) }
                    works = fails(attempt)
                }
                if works {
                    best = attempt
                    helped = true
                } else {
                    from += piece
                }
            }
            if !helped || piece > best.orders.count { piece /= 2 }
        }
        return best
    }
}

extension UInt64 {
    /// How far apart two words are: a copy that long does not overlap its source.
    fileprivate func distance(from other: UInt64) -> UInt64 {
        self > other ? self - other : other - self
    }
}
