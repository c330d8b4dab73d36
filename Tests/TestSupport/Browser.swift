import DaxHost
import DaxSystem

/// Why there is no picture.
struct BrowserError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A headless browser.
package struct Browser {
    package static let path = ChildProcess.find("chromium-headless-shell")

    private let scratch: Scratch

    package init(_ function: String = #function) throws { scratch = try Scratch(function) }

    /// Takes a screenshot of a file with these contents.
    package func look(
        at text: String, as name: String, width: Int, height: Int, dark: Bool = false
    ) throws -> Pixels {
        try scratch.write(name, Array(text.utf8))
        let arguments = [
            Browser.path ?? "no browser", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--force-device-scale-factor=1", "--window-size=\(width),\(height)",
            "--blink-settings=preferredColorScheme=\(dark ? 0 : 1)",
            "--user-data-dir=\(scratch.path)/profile", "--screenshot=\(scratch.path)/shot.png",
            "file://\(scratch.path)/\(name)",
        ]
        let run = try ChildProcess.run(arguments, seconds: 120)
        guard Files.exists("\(scratch.path)/shot.png") else { throw BrowserError(run.error) }
        return try Pixels(png: "\(scratch.path)/shot.png")
    }
}

/// A picture's pixels.
package struct Pixels {
    package let width: Int
    package let height: Int
    private let bytes: [UInt8]

    /// Prints width, height, bytes a pixel and what a PNG's compression holds (RFC 2083), for 8 bits a
    /// channel without interlacing.
    private static let inflate = """
        import struct, sys, zlib
        data = open(sys.argv[1], "rb").read()
        at, packed = 8, b""
        while at < len(data):
            size, name = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + size]
            if name == b"IHDR":
                width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and kind in (2, 6) and not interlaced
            if name == b"IDAT":
                packed += body
            at += size + 12
        sys.stdout.buffer.write(struct.pack("<III", width, height, 3 if kind == 2 else 4))
        sys.stdout.buffer.write(zlib.decompress(packed))
        """

    package init(png: String) throws {
        let run = try ChildProcess.run(
            ["/usr/bin/env", "python3", "-c", Pixels.inflate, png], seconds: 120)
        guard run.exit == .exited(0) else { throw BrowserError(run.error) }
        func number(_ at: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(run.output[at + $1]) << (8 * $1) }
        }
        let step = number(8)
        (width, height) = (number(0), number(4))
        guard run.output.count == 12 + height * (1 + width * step) else {
            throw BrowserError("no picture")
        }
        bytes = Pixels.unfiltered(run.output[12...], width: width, height: height, step: step)
    }

    /// Undoes the filters of a PNG's rows, each of which names its own, and leaves out opacity.
    private static func unfiltered(
        _ rows: ArraySlice<UInt8>, width: Int, height: Int, step: Int
    ) -> [UInt8] {
        var picture: [UInt8] = []
        picture.reserveCapacity(3 * width * height)
        var above = [UInt8](repeating: 0, count: width * step)
        var line = above
        for y in 0..<height {
            let begin = rows.startIndex + y * (1 + width * step)
            for i in 0..<width * step {
                let (left, corner) = i < step ? (0, 0) : (Int(line[i - step]), Int(above[i - step]))
                let up = Int(above[i])
                let guess =
                    switch rows[begin] {
                    case 1: left
                    case 2: up
                    case 3: (left + up) / 2
                    case 4: paeth(left, up, corner)
                    default: 0
                    }
                line[i] = rows[begin + 1 + i] &+ UInt8(guess)
            }
            for x in 0..<width { picture += line[x * step..<x * step + 3] }
            swap(&above, &line)
        }
        return picture
    }

    /// Whichever of the three is nearest to their plane.
    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let plane = left + up - corner
        let (toLeft, toUp, toCorner) = (abs(plane - left), abs(plane - up), abs(plane - corner))
        if toLeft <= toUp && toLeft <= toCorner { return left }
        return toUp <= toCorner ? up : corner
    }

    /// How bright a pixel is without its colour, 0 to 1 (WCAG's relative luminance).
    package func luminance(_ x: Int, _ y: Int) -> Double {
        let at = 3 * (y * width + x)
        return zip(bytes[at..<at + 3], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
            let value = Double(channel.0) / 255
            // The square is near enough to sRGB's curve, which needs a power.
            return sum + channel.1 * value * value
        }
    }

    /// A pixel as styles write it: `16191d`.
    package func colour(_ x: Int, _ y: Int) -> String {
        let at = 3 * (y * width + x)
        return bytes[at..<at + 3].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// How many pixels have each colour.
    package var colours: [String: Int] {
        var found: [[UInt8]: Int] = [:]
        for at in stride(from: 0, to: bytes.count, by: 3) {
            found[Array(bytes[at..<at + 3]), default: 0] += 1
        }
        return found.reduce(into: [:]) { colours, one in
            let name = one.key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            colours[name] = one.value
        }
    }

    /// WCAG's contrast of two luminances: 1 to 21.
    package func contrast(_ a: Double, _ b: Double) -> Double {
        (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }
}
