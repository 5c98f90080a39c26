import Attribution
import Foundation
import SeededRandomness
import Testing

@testable import Ledger

@Suite("Export")
struct ExportTests {
    private func csv(_ values: [String]) -> String {
        var bytes: [UInt8] = []
        CSVText.append(values, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 4180, the other way round.
    private func parse(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var value = ""
        var isQuoted = false
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch (scalar, isQuoted) {
            case ("\"", true) where rest.first == "\"": value.unicodeScalars.append(rest.removeFirst())
            case ("\"", _): isQuoted.toggle()
            case (",", false):
                row.append(value)
                value = ""
            case ("\r", false) where rest.first == "\n":
                rest.removeFirst()
                rows.append(row + [value])
                (row, value) = ([], "")
            default: value.unicodeScalars.append(scalar)
            }
        }
        return rows
    }

    @Test("quotes what has to be quoted and ends lines with CRLF")
    func quoting() {
        #expect(csv(["a", "", "b,c", "say \"no\"", "two\nlines"]) == "a,,\"b,c\",\"say \"\"no\"\"\",\"two\nlines\"\r\n")
    }

    @Test("makes formulas harmless", arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
    func formulas(value: String) {
        #expect(parse(csv([value, "x"])) == [["'" + value, "x"]])
    }

    @Test("numbers of ours stay numbers, negative ones too")
    func counts() {
        var csv: [UInt8] = []
        CSVText.append(["-x"], counts: [-1, 2], to: &csv)
        CSVText.append([], counts: [-3], to: &csv)
        #expect(String(decoding: csv, as: UTF8.self) == "'-x,-1,2\r\n-3\r\n")
    }

    @Test(
        "makes formulas harmless that other separators of a spreadsheet's would make cells of their own",
        arguments: [
            ("x;=1+1", "x;'=1+1"), ("x\t@SUM(A1)", "x\t'@SUM(A1)"), (";+1;-1", ";'+1;'-1"), ("a\n=1", "a\n'=1"),
            ("a\r\n-1", "a\r\n'-1"), ("=1;=2", "'=1;'=2"), ("x; +http://a.example/", "x;' +http://a.example/"),
            // Doubled quotes at the beginning of a cell are an empty text before what follows.
            ("x;\"=1;y", "x;'\"=1;y"), (" =1", "' =1"), ("\"=1", "'\"=1"), ("x;\t=1", "x;\t'=1"), ("\t=1", "'\t'=1"),
        ])
    func hiddenFormulas(value: String, harmless: String) {
        #expect(parse(csv([value, "x"])) == [[harmless, "x"]])
    }

    @Test(
        "leaves values alone that nothing takes for a formula",
        arguments: ["a=1+1", "a;b", "2016-10-03", "x; y=1", ";", "a-b;"]
    )
    func harmless(value: String) {
        #expect(parse(csv(["x", value])) == [["x", value]])
    }

    @Test("splits by semicolons or tabs, with quotes or without, into no cell that begins as a formula", arguments: [33, 34])
    func separators(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("ab\",;\t\r\n =+-@".unicodeScalars)
        for _ in 0..<2_000 {
            let values = ["1"] + (0..<3).map { _ in random(alphabet, upTo: 10, &generator) }
            // Whatever a spreadsheet does with quotes, a cell's text begins behind quotes and spaces.
            for cell in csv(values).utf8.split(whereSeparator: { ";\t\r\n".utf8.contains($0) }) {
                let text = cell.drop { "\" ".utf8.contains($0) }
                #expect(text.first.map { "=+-@".utf8.contains($0) } != true, "\(values)")
            }
        }
    }

    private func random(_ alphabet: [Unicode.Scalar], upTo count: Int, _ generator: inout SplitMix64) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...count, using: &generator) {
            text.unicodeScalars.append(alphabet.randomElement(using: &generator)!)
        }
        return text
    }

    @Test("any values without formulas come back", arguments: [31, 32])
    func roundTrip(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("ab\",\r\n 'é;".unicodeScalars)
        for _ in 0..<500 {
            let values = (0..<4).map { _ in "x" + random(alphabet, upTo: 7, &generator) }
            #expect(parse(csv(values)) == [values])
        }
    }

    @Test("has the contract's columns in its order, lists joined by spaces, absent fields empty")
    func columns() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, [.sample(1) { $0.personal.fields.userAgent = "=cmd|' /C calc'!A0, \"x\"" }])
        var bytes: [UInt8] = []
        RecordCSV(hasAdjustments: false).appendHeader(to: &bytes)
        for stored in try LedgerReader.open(folder: folder.path).all() {
            RecordCSV(hasAdjustments: false).append(try #require(stored.record), to: &bytes)
        }
        let rows = parse(String(decoding: bytes, as: UTF8.self))
        #expect(
            rows[0].joined(separator: ", ")
                == "seq, receipt, time, node, kind, route, edition, action, origin, campaign, outcome, reason, partner, claimed, "
                + "client, client_os, method, status, culture, country, host, scheme, tls_version, repeat, test, "
                + "directory_version, route_version, destination_host, location, referrer_host, visitor, partner_raw, ip, "
                + "user_agent, dropped, signature")
        #expect(rows.count == 2 && rows[1].count == 36)
        let fields = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(fields["seq"] == "1" && fields["time"] == "2016-10-03T12:00:00.000000Z" && fields["repeat"] == "0")
        #expect(fields["dropped"] == "utm_source gclid" && fields["campaign"] == "")
        #expect(fields["user_agent"] == "'=cmd|' /C calc'!A0, \"x\"")
    }

    @Test("JSON lines are objects with the fields there are, in the contract's order")
    func json() throws {
        let folder = try TemporaryFolder()
        var random = RandomDrafts(seed: 6)
        try writeLedger(folder, random.take(50))
        for stored in try LedgerReader.open(folder: folder.path).all() {
            let record = try #require(stored.record)
            var bytes: [UInt8] = []
            RecordJSON.append(record, to: &bytes)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            #expect(object["seq"] as? Int64 == stored.sequence)
            #expect(object["route"] as? String == record.text(.route))
            #expect(object["dropped"] as? [String] == record.list(.dropped))
            #expect(object["campaign"] as? String == record.text(.campaign))
            let text = String(decoding: bytes, as: UTF8.self)
            let places = RecordField.allCases.compactMap { text.range(of: "\"\($0.rawValue)\":")?.lowerBound }
            #expect(places == places.sorted() && places.count == object.count)
            #expect(!text.contains("\n"))
        }
    }
}

@Suite("The line of a record")
struct RecordLineTests {
    @Test("has its columns and, behind the receipt, what is worth knowing")
    func line() throws {
        let folder = try TemporaryFolder()
        try writeLedger(
            folder,
            [
                .sample(1),
                .sample(2) {
                    $0.outcome = .malformed
                    $0.reason = .leadingZero
                    $0.partner = nil
                    $0.culture = nil
                    $0.client = .tool
                    $0.method = .head
                    $0.personal.fields.partnerRaw = "0123"
                },
            ])
        let lines = try LedgerReader.open(folder: folder.path).all().compactMap { $0.record.map { RecordLine($0).description } }
        let receipts = (1...2).map { RecordDraft.sample($0).receipt.description }
        #expect(
            lines[0]
                == "2016-10-03 12:00:00Z  #1       attributed   1234567     enterprise-trial      essentials  302  fr-FR  \(receipts[0])"
        )
        #expect(
            lines[1]
                == "2016-10-03 12:00:00Z  #2       malformed    -           enterprise-trial      essentials  302  -      \(receipts[1])  leading-zero  sent=0123  tool  HEAD"
        )
        #expect(
            RecordLine(RecordDraft.sample(1)).description
                == "2016-10-03 12:00:00Z  attributed   1234567     enterprise-trial      essentials  302  fr-FR  \(receipts[0])")
    }

    @Test("is one line of printable ASCII, whatever was sent")
    func escaping() {
        let route = Route.named("a\nb\u{1B}[2J\u{202E}")
        let line = RecordLine(.sample(1, route: route) { $0.personal.fields.partnerRaw = "x" }).description
        #expect(line.contains("a\\u{a}b\\u{1b}[2J\\u{202e}"))
        #expect(line.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(TerminalText.escaped(String(repeating: "é", count: 1_000)).count <= TerminalText.usualMaximumCharacters + 1)
    }
}
