import Attribution
import Office
import Testing

@Suite("What is wrong with a partner CSV is said with its line")
struct PartnerCSVTests {
    private func problems(_ text: String) -> [String] { problems(Array(text.utf8)) }

    private func problems(_ bytes: [UInt8]) -> [String] {
        ImportRefusal(fileName: "p.csv", problems: PartnerCSV(bytes).problems).lines
    }

    private static let idExpected = "expected 1 to 10 digits without a leading zero"

    @Test(
        "each wrong field, by one row below a header",
        arguments: [
            ("id", "0123", #"id is "0123", which has a leading zero, \#(idExpected)"#),
            ("id", "12345678901", #"id is "12345678901", which is too long, \#(idExpected)"#),
            ("id", "1.23E+06", #"id is "1.23E+06", which is not a number, \#(idExpected)"#),
            ("id", "", "id is empty, \(idExpected)"),
            ("id", "0", #"id is "0", which stands for no ID, \#(idExpected)"#),
            ("id", "xxxxx", "id is a placeholder that nobody filled in, \(idExpected)"),
            (
                "id", "101bde18-5ffb-4d79-a47b-f5b2c62525b3",
                "id is a GUID (of a tenant or an offer), not a Partner ID, \(idExpected)"
            ),
            ("name", "", "name is empty, expected the partner's name"),
            ("name", String(repeating: "n", count: 201), "name has 201 characters, expected at most 200"),
            ("name", "a\u{7}b", #"name is "a\u{07}b", expected no control or text direction characters"#),
            ("name", "a\u{202E}b", #"name is "a\u{202E}b", expected no control or text direction characters"#),
            ("status", "activ", #"status is "activ", expected active, suspended or test"#),
            ("status", "", "status is empty, expected active, suspended or test"),
            (
                "status_reason", "late",
                #"status_reason is "late", expected no-agreement, lapsed, requested, fraud or other"#
            ),
            ("account", "both", #"account is "both", expected global or location"#),
            ("parent", "007", #"parent is "007", which has a leading zero, \#(idExpected)"#),
            ("agreement", "mosp", #"agreement is "mosp", expected mospa, mosra or none"#),
            ("email", "nobody", #"email is "nobody", expected one address such as mpn@partner.example"#),
            ("email", "a@b", #"email is "a@b", expected one address such as mpn@partner.example"#),
            ("email", "a@b..example", #"email is "a@b..example", expected one address such as mpn@partner.example"#),
            ("email", "a b@c.example", #"email is "a b@c.example", expected one address such as mpn@partner.example"#),
            ("language", "english", #"language is "english", expected a language tag such as fr or pt-BR"#),
            ("language", "en_GB", #"language is "en_GB", expected a language tag such as fr or pt-BR"#),
            ("valid_from", "01/02/2016", #"valid_from is "01/02/2016", expected a day as YYYY-MM-DD"#),
            ("valid_to", "2015-02-29", #"valid_to is "2015-02-29", expected a day as YYYY-MM-DD"#),
        ])
    func wrongField(column: String, value: String, expected: String) {
        var fields = ["id": "1234567", "name": "Partner", "status": "active"]
        fields[column] = value
        let columns = fields.keys.sorted()
        let text = columns.joined(separator: ",") + "\n" + columns.map { fields[$0]! }.joined(separator: ",") + "\n"
        #expect(problems(text) == ["p.csv:2: \(expected)"])
    }

    @Test(
        "what spreadsheets leave around a table is passed over, but no value is",
        arguments: [
            ("id,name,status,\n1,A,active,\n", []),
            ("id,name,status,,\n1,A,active\n2,B,test, ,\n", []),
            ("sep=;\nid;name;status\n1;A;active\n", []),
            ("id,name,status,\n1,A,active,x\n", ["p.csv:2: 4 fields, expected 3 as in the header"]),
            ("id,,name,status\n", ["p.csv:1: unknown column \"\", expected some of id,name,status,status_reason,account,"]),
        ] as [(String, [String])])
    func spreadsheetMargins(text: String, expected: [String]) {
        #expect(zip(problems(text), expected).allSatisfy { $0.hasPrefix($1) })
        #expect(problems(text).count == expected.count)
    }

    @Test("more than sixteen programs, or one that is too long, are refused")
    func programs() {
        let many = (1...17).map { "p\($0)" }.joined(separator: ";")
        #expect(problems("id,name,status,programs\n1,A,test,\(many)") == ["p.csv:2: programs has 17 names, expected at most 16"])
        let long = String(repeating: "p", count: 65)
        #expect(problems("id,name,status,programs\n1,A,test,\(long)").first?.contains("expected names of at most 64") == true)
    }

    @Test(
        "each wrong header",
        arguments: [
            ("", ["p.csv:1: the file is empty, expected a header with the columns id,name,status"]),
            ("\n \n", ["p.csv:1: the file is empty, expected a header with the columns id,name,status"]),
            ("id,name\n", ["p.csv:1: no column status, expected at least id,name,status"]),
            ("\n\nname\n", ["p.csv:3: no column id, no column status, expected at least id,name,status"]),
            ("id,name,status,ID\n", ["p.csv:1: the column id is there more than once, expected it once"]),
            (
                "id,name,status,state,e-mail\n",
                [
                    #"p.csv:1: unknown columns "state", "e-mail", expected some of id,name,status,status_reason,"#
                        + "account,parent,agreement,email,language,valid_from,valid_to,programs"
                ]
            ),
            (
                "id,,name,status\n",
                [
                    #"p.csv:1: unknown column "", expected some of id,name,status,status_reason,"#
                        + "account,parent,agreement,email,language,valid_from,valid_to,programs"
                ]
            ),
        ] as [(String, [String])])
    func wrongHeader(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test("a file of another kind names only some of its columns")
    func manyUnknownColumns() {
        let header = (1...300).map { "c\($0)" }.joined(separator: ",")
        #expect(problems(header).first?.contains(#""c12" and 288 more, expected"#) == true)
    }

    @Test("all mistakes of a file at once, in the order of lines")
    func allAtOnce() {
        let text = """
            id,name,status,valid_from
            01,,gone,
            2,Two,active
            3,Three,active,2016-01-01
            3,Three again,active,
            4,"Fo"ur,active,
            5,Five,active,soon
            """
        #expect(
            problems(text) == [
                #"p.csv:2: id is "01", which has a leading zero, \#(Self.idExpected)"#,
                "p.csv:2: name is empty, expected the partner's name",
                #"p.csv:2: status is "gone", expected active, suspended or test"#,
                "p.csv:3: 3 fields, expected 4 as in the header",
                "p.csv:5: the ID 3 is on line 4 and on line 5, expected it once",
                "p.csv:6: text follows a closing quote, expected a separator or the line's end",
                #"p.csv:7: valid_from is "soon", expected a day as YYYY-MM-DD"#,
            ])
    }

    @Test("a hundred mistakes are listed, the rest is counted")
    func bounded() {
        let text = "id,name,status\n" + (1...250).map { "\($0),,active\n" }.joined()
        let lines = problems(text)
        #expect(lines.count == 101)
        #expect(lines.last == "p.csv: and 150 more")
    }

    @Test("bytes that are not UTF-8 are reported with line and a way out")
    func notUTF8() {
        let text = Array("id,name,status\n1,A,active\n2,M".utf8) + [0xFC] + Array("ller,active\n".utf8)
        #expect(problems(text) == [#"p.csv:3: name is not UTF-8, expected UTF-8; in Excel, save as "CSV UTF-8""#])
        #expect(
            problems([0xFF, 0xFE, 0x69, 0x00]) == [#"p.csv:1: the file is UTF-16, expected UTF-8; in Excel, save as "CSV UTF-8""#]
        )
    }

    @Test("a file over the limits is refused before it is read")
    func limits() {
        let long = [UInt8](repeating: UInt8(ascii: "\n"), count: PartnerCSV.maximumFileBytes + 1)
        #expect(problems(long) == ["p.csv:1: the file has 67108865 bytes, expected at most 67108864"])
    }

    @Test("long wrong values are cut in the message")
    func cut() {
        let line = problems("id,name,status\n1,A,\(String(repeating: "s", count: 5_000))\n")[0]
        #expect(line.utf8.count < 200)
        #expect(line.contains("sss…\", expected active"))
    }

    @Test(
        "as Excel and others write it, it is read",
        arguments: [
            "\u{FEFF}id,name,status,programs\r\n1234567,Müller & Söhne,active,sell;usage\r\n",
            "id;name;status;programs\r\n1234567;Müller & Söhne;active;\"sell;usage\"\r\n",
            "\u{FEFF}\"id\";\"name\";\"status\";\"programs\"\n\"1234567\";\"Müller & Söhne\";\"active\";\"sell;usage\"",
            "id\tname\tstatus\tprograms\n1234567\tMüller & Söhne\tactive\tsell;usage",
            " Programs ,STATUS,Name,ID\n sell ; usage ;sell, Active ,  Müller  &\u{A0}Söhne , 1234567 \n,,,\n\n",
            "id,name,status,programs\r1234567,\"Müller\r\n& Söhne\",active,sell;usage\r",
        ])
    func variants(text: String) throws {
        let csv = PartnerCSV(Array(text.utf8))
        #expect(csv.problems.isEmpty)
        let row = try #require(csv.rows.first)
        #expect(csv.rows.count == 1)
        #expect(row.line == 2)
        #expect(row.change.id == id("1234567"))
        #expect(
            Set(row.change.edits.map { "\($0)" })
                == Set(
                    [
                        PartnerEdit.name("Müller & Söhne"), .status(.active), .programs(["sell", "usage"]),
                    ].map { "\($0)" }))
    }
}
