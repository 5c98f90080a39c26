import Office
import SeededRandomness
import Testing

@Suite("CSV is split as RFC 4180 has it")
struct CSVReaderTests {
    private func rows(_ text: String, separator: Character = ",") -> [(line: Int, fields: [String], fault: String?)] {
        var reader = CSVReader(Array(text.utf8)[...], separator: separator.asciiValue!)
        var rows: [(Int, [String], String?)] = []
        while let row = reader.next() {
            rows.append((row.line, row.fields.map { String(decoding: $0, as: UTF8.self) }, row.fault?.message))
        }
        return rows
    }

    @Test(
        "fields come out as they were meant",
        arguments: [
            ("", []),
            ("a", [["a"]]),
            ("a\n", [["a"]]),
            ("a,b", [["a", "b"]]),
            ("a,", [["a", ""]]),
            (",", [["", ""]]),
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            ("a\rb", [["a"], ["b"]]),
            ("a\n\nb", [["a"], [""], ["b"]]),
            (#""a,b",c"#, [["a,b", "c"]]),
            (#""say ""hi""""#, [[#"say "hi""#]]),
            (#""""""#, [[#"""#]]),
            ("\",\"", [[","]]),
            ("\"\"", [[""]]),
            ("\"a\r\nb\",c\nd", [["a\r\nb", "c"], ["d"]]),
            (" a , b ", [[" a ", " b "]]),
        ] as [(String, [[String]])])
    func splits(text: String, expected: [[String]]) {
        let rows = rows(text)
        #expect(rows.map(\.fields) == expected)
        #expect(rows.allSatisfy { $0.fault == nil })
    }

    @Test("lines are counted through line breaks inside quotes, of every kind")
    func countsLines() {
        let rows = rows("h\n\"1\n2\"\n\"1\r\n2\"\r\n\"1\r2\"\rlast")
        #expect(rows.map(\.line) == [1, 2, 4, 6, 8])
        #expect(rows.last?.fields == ["last"])
    }

    @Test("mistakes in quoting are told apart, and the next line is read")
    func faults() {
        let rows = rows("a\"b,c\n\"a\"b,c\nd")
        #expect(rows.map(\.line) == [1, 2, 3])
        #expect(rows[0].fault?.hasPrefix("a quote stands inside a field without quotes") == true)
        #expect(rows[1].fault?.hasPrefix("text follows a closing quote") == true)
        #expect(rows[2].fault == nil)
    }

    @Test("a quote that is never closed is reported with the line that opens it")
    func unclosed() {
        let rows = rows("a\nb,\"c\nd\ne\n")
        #expect(rows.count == 2)
        #expect(rows[1].line == 2)
        #expect(rows[1].fault == "the quote opened on line 2 is never closed, expected a closing quote")
    }

    @Test("any bytes end after at most as many rows as there are bytes, and cover every line")
    func terminates() {
        var random = SplitMix64(seed: 42)
        let alphabet = Array("\",;\r\na\u{e9}".utf8)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            var reader = CSVReader(bytes[...], separator: UInt8(ascii: ","))
            var lines: [Int] = []
            while let row = reader.next() {
                lines.append(row.line)
                #expect(!row.fields.isEmpty || row.fault != nil)
            }
            #expect(lines.count <= bytes.count)
            #expect(lines == lines.sorted())
        }
    }
}
