import Attribution
import SeededRandomness
import Testing

@testable import DeploymentKit

@Suite("What goes into a file means there what it meant before")
struct EscapingTests {
    /// Texts of everything that means something to one of the readers.
    private static func texts(seed: UInt64, count: Int = 3_000) -> [String] {
        var random = SplitMix64(seed: seed)
        let quotes = "\u{2018}\u{2019}\u{201A}\u{201B}\u{201C}"
        let alphabet = Array("a1 \"\\'`$%&|<>^()!;=,#@{}[]/-é𝄞\(quotes)".unicodeScalars)
        return (0..<count).map { _ in
            let scalars = (0..<Int.random(in: 0...12, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            return String(String.UnicodeScalarView(scalars))
        }
    }

    @Test("Windows splits a command line into the arguments that it was made of")
    func arguments() {
        var line = "reg.exe"
        let texts = Self.texts(seed: 1)
        for text in texts { line += " " + WindowsArgument.quoted(text) }
        #expect(WindowsReader.arguments(line) == ["reg.exe"] + texts)
        #expect(WindowsArgument.quoted(#"a\"#) == #""a\\""#)
        #expect(WindowsArgument.quoted(#"a\b"#) == #""a\b""#)
        #expect(WindowsArgument.quoted(#"a\"b"#) == #""a\\\"b""#)
    }

    @Test("cmd.exe hands on what was meant, and finds no command of its own in it")
    func batch() {
        for text in Self.texts(seed: 2) {
            let (line, marks) = WindowsReader.batchLine("reg.exe " + BatchText.argument(text) + " /f")
            #expect(WindowsReader.arguments(line) == ["reg.exe", text, "/f"], "\(text)")
            #expect(marks.isEmpty, "\(text)")
        }
        #expect(BatchText.argument("https://a/b?c=50%25&d=e") == "\"https://a/b?c=50%%25&d=e\"")
    }

    @Test("a PowerShell literal ends where it is meant to, and nothing in it is expanded")
    func powerShell() {
        for text in Self.texts(seed: 3) {
            let literal = PowerShellText.literal(text)
            #expect(WindowsReader.powerShellLiteral(literal) == text, "\(literal)")
        }
        #expect(PowerShellText.literal("a'b$c`d") == "'a''b$c`d'")
        #expect(PowerShellText.literal("’;Remove-Item C:\\;’") == "'’’;Remove-Item C:\\;’’'")
    }

    @Test("regedit's strings are read back by our own reader of exports")
    func registry() throws {
        for text in Self.texts(seed: 4, count: 300) {
            let value = "\(RegFile.quoted("Name " + text))=\(RegFile.quoted(text))"
            let export = try RegistryExport(KitFixtures.export("[\(MSOKey.path)]", value))
            #expect(export.keys.first?.values == [RegistryExport.Value(name: "Name " + text, data: .string(text))])
        }
    }

    @Test("XML and HTML get no markup out of a text")
    func markup() {
        #expect(
            MarkupText.escaped("<a href=\"x\" b='y'>&amp;\u{1}\u{7F}\u{FFFF}")
                == "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;\u{FFFD}\u{FFFD}\u{FFFD}")
        // An accent makes one character of it, and hides nothing.
        #expect(MarkupText.escaped("<\u{301}") == "&lt;\u{301}")
    }
}
