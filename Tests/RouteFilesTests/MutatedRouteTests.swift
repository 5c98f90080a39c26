import Attribution
import RouteFiles
import SeededRandomness
import Testing

@Suite("Route files with random damage")
struct MutatedRouteTests {
    private static let fragments: [String] = [
        "{", "}", "[", "]", ":", ": ", "- ", "&a ", "*a", "!!str ", "? ", "|", ">", "\"", "'", "#", "\n", "\n\n  ", "\t", "\0",
        "\u{FEFF}", "é", "%",
        "---\n", "...\n", "<<: ", "null", "~", "query:", "{partner}",
    ]

    @Test("are read or refused with positions inside the file, and never stop the program")
    func mutations() throws {
        let right = try #require(RouteFileCase.all.first { $0.name == "right-example.case" }).files[0].text
        var randomness = SplitMix64(seed: 20_161_003)
        var refused = 0
        for _ in 0..<3_000 {
            var text = right
            for _ in 0..<Int.random(in: 1...6, using: &randomness) { Self.damage(&text, &randomness) }
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
            do throws(RouteFileErrors) {
                #expect(try RouteFolder.parse([RouteFile(file: "a.yaml", text: text)]).table.routes.count == 1)
            } catch {
                refused += 1
                #expect(!error.mistakes.isEmpty)
                for mistake in error.mistakes {
                    let position = mistake.position ?? TextPosition(line: 0, column: 0)
                    #expect((1...lines + 1).contains(position.line) && position.column >= 1, "\(mistake)")
                    #expect(!mistake.description.contains("\n"), "\(mistake)")
                }
            }
        }
        #expect(refused > 1_000)
    }

    private static func damage(_ text: inout [UInt8], _ randomness: inout SplitMix64) {
        let start = Int.random(in: 0...text.count, using: &randomness)
        let end = min(text.count, start + Int.random(in: 0...12, using: &randomness))
        switch Int.random(in: 0..<4, using: &randomness) {
        case 0: text.removeSubrange(start..<end)
        case 1: text.insert(contentsOf: fragments.randomElement(using: &randomness)!.utf8, at: start)
        case 2: text.insert(contentsOf: text[start..<end], at: Int.random(in: 0...text.count, using: &randomness))
        default: if start < text.count { text[start] = UInt8.random(in: .min ... .max, using: &randomness) }
        }
    }
}
