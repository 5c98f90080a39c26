import Attribution
import SeededRandomness
import Testing

@Suite struct ValuePatternTests {
    /// Pattern, values that match as a whole, values that don't.
    static let matching: [(pattern: String, matches: [String], others: [String])] = [
        ("", [""], ["a"]),
        ("abc", ["abc"], ["ab", "abcd", "ABC", "xabc"]),
        ("a|bc|", ["a", "bc", ""], ["abc", "b"]),
        ("a*", ["", "a", "aaaa"], ["b", "aab"]),
        ("a+b?", ["a", "aab"], ["", "b", "abb"]),
        ("a{3}", ["aaa"], ["aa", "aaaa"]),
        ("a{2,}", ["aa", "aaaaa"], ["a"]),
        ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
        ("a{,2}", ["", "a", "aa"], ["aaa"]),
        ("a{0}", [""], ["a"]),
        ("(ab){2}", ["abab"], ["ab", "ababab"]),
        ("(?:a|b)+c", ["abac"], ["c", "ab"]),
        ("(?<year>[0-9]{4})-(?P<month>[0-9]{2})", ["2016-10"], ["2016-1"]),
        ("a*?b+?", ["aab", "bbb"], ["a"]),
        (".", ["a", "é", "😀", "\t"], ["", "\n", "\r", "ab", "e\u{301}"]),
        ("[a-z0-9-]{1,40}", ["spring-2016", "-"], ["", "Spring", "a b", String(repeating: "a", count: 41)]),
        ("[^a-c]", ["d", "é", "\n"], ["a", "b", ""]),
        ("[]x]", ["]", "x"], ["a"]),
        ("[-a]", ["-", "a"], ["b"]),
        ("[a-]", ["-", "a"], ["b"]),
        ("[\\]\\\\\\-^]", ["]", "\\", "-", "^"], ["a"]),
        ("[.*+?|()]", [".", "*", "+", "?", "|", "(", ")"], ["a"]),
        ("[[:digit:][:upper:]_]+", ["A1_"], ["a", "٣"]),
        ("[[:^digit:]]", ["a"], ["1"]),
        ("[^\\D]", ["1"], ["a"]),
        ("\\d+", ["42"], ["", "٣", "４２"]),
        ("\\w+", ["aZ_9"], ["é", "a-b"]),
        ("\\s", [" ", "\t", "\n"], ["\u{A0}", "\u{2003}"]),
        ("\\D\\W\\S", ["a-b"], ["1-b", "aab", "a- "]),
        ("\\.\\*\\\\\\/\\_", [".*\\/_"], ["a*\\/_"]),
        ("\\x41\\u0042\\x{1F600}\\u{43}", ["AB😀C"], ["abc"]),
        ("\\t\\n\\r", ["\t\n\r"], ["tnr"]),
        ("^abc$", ["abc"], ["abc\n", "abcd"]),
        ("\\Aabc\\z", ["abc"], ["abc\n"]),
        ("a^b", [], ["ab", "a^b"]),
        ("\\bab\\b-\\Ba?", ["ab-"], ["ab-a"]),
        ("(?i)aBc-[x-z]", ["ABC-Y", "abc-y"], ["ab-y"]),
        ("a(?i:b)c", ["abc", "aBc"], ["ABc", "abC"]),
        ("(?:a(?i)b)c", ["aBc"], ["aBC", "ABc"]),
        ("(?i)[^a]", ["b", "B"], ["a", "A"]),
        ("(?i)é", ["é"], ["É"]),
        ("{", ["{"], [""]),
        ("a{x}", ["a{x}"], ["ax"]),
        ("é", ["é"], ["e\u{301}", "É"]),
        ("(a*)*", ["", "aa"], ["b"]),
        ("(a|b*)*c", ["abbac", "c"], ["ab"]),
        ("(()|a)+", ["", "aa"], ["b"]),
        ("$^", [""], ["a"]),
        ("(?:^)*a(\\b)+", ["a"], ["aa"]),
    ]

    @Test("a pattern matches whole values", arguments: matching)
    func wholeValues(pattern: String, matches: [String], others: [String]) throws {
        let pattern = try ValuePattern(pattern)
        for value in matches { #expect(pattern.matches(value), "\(pattern.source) matches \(value.debugDescription)") }
        for value in others { #expect(!pattern.matches(value), "\(pattern.source) does not match \(value.debugDescription)") }
    }

    /// Pattern, and the place of the mistake in Unicode scalars from 1.
    static let wrong: [(pattern: String, position: Int)] = [
        ("(", 1), ("a(b", 2), ("a)", 2), ("[a", 1), ("[", 1), ("[]", 1), ("[^]", 1), ("é[a", 2), ("*a", 1), ("a|+", 3),
        ("a**", 3),
        ("a{2}{3}", 5), ("a{3,2}", 2), ("{2}", 1), ("a{1001}", 6), ("a++", 3), ("\\", 1), ("a\\q", 2), ("(a)\\1", 4),
        ("\\p{L}", 1),
        ("\\k<a>", 1), ("(?=a)", 3), ("(?!a)", 3), ("(?<=a)b", 3), ("(?>a)", 3), ("(?<n", 3), ("[z-a]", 2), ("[\\d-z]", 2),
        ("[a[b]]", 3), ("[[:nope:]]", 2), ("\\x4", 1), ("\\u{110000}", 1), ("\\uD800", 1), ("^*", 1), ("\\b+", 1), ("a{2,1}", 2),
    ]

    @Test("what is no pattern, or can't be matched in bounded time, does not compile", arguments: wrong)
    func mistakes(pattern: String, position: Int) {
        let mistake = Self.mistake(in: pattern)
        #expect(mistake?.position == position, "\(pattern): \(mistake?.description ?? "-")")
        #expect(mistake?.message.isEmpty == false)
    }

    private static func mistake(in pattern: String) -> ValuePattern.SyntaxError? {
        do {
            _ = try ValuePattern(pattern)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what would grow too large does not compile",
        arguments: [
            "(a{1000}){1000}", "((a{100}){100}){100}", "(((a{0,100}){0,100}){0,100}){0,100}",
            String(repeating: "(", count: 10_000),
            String(repeating: "(?:", count: 60) + "a" + String(repeating: ")", count: 60),
        ])
    func tooLarge(pattern: String) {
        let start = ContinuousClock.now
        #expect(Self.mistake(in: pattern) != nil)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    /// A backtracking engine takes longer than the age of the universe over some of these.
    @Test(
        "256 bytes are matched at once, whatever the pattern",
        arguments: [
            "(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+b", "(.*)*x", "([a-z]+)*[0-9]", "(a?){200}a{200}", "(((a+)+)+)+b",
            "(a*a*a*a*)*b",
        ])
    func boundedTime(pattern: String) throws {
        let pattern = try ValuePattern(pattern)
        let value = String(repeating: "a", count: 255) + "!"
        let start = ContinuousClock.now
        #expect(!pattern.matches(value))
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("random patterns match what their meaning says", arguments: [21, 22, 23] as [UInt64])
    func randomPatterns(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var matched = 0
        for index in 0..<400 {
            let meaning = PatternMeaning.random(depth: 3, &generator)
            let pattern = try ValuePattern(meaning.source)
            for _ in 0..<12 {
                let value = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                    Array("aabbcAB1_- é".unicodeScalars).pick(&generator)
                }
                let text = String(String.UnicodeScalarView(value))
                let expected = meaning.matches(value)
                if expected { matched += 1 }
                try #require(
                    pattern.matches(text) == expected, "seed \(seed), \(index): /\(meaning.source)/ on \(text.debugDescription)")
            }
        }
        #expect(matched > 200, "seed \(seed): too few values match to prove much")
    }
}
