import SeededRandomness
import Testing

@testable import DeploymentKit

@Suite("Registry exports are read whichever way they are written")
struct ExportTests {
    private static let key = "[\(MSOKey.path)]"

    private func values(_ lines: String..., version: String = "Windows Registry Editor Version 5.00") throws -> [String] {
        let text = ([version, "", Self.key] + lines + [""]).joined(separator: "\r\n")
        return try RegistryExport(KitFixtures.utf16(text)).keys.flatMap(\.values).map { value in
            "\(value.name)=\(value.data.map { "\($0.typeName) \($0.shown)" } ?? "deleted")"
        }
    }

    @Test("UTF-16 of both byte orders and UTF-8, with and without a byte order mark, LF and CRLF")
    func encodings() throws {
        for end in ["\r\n", "\n"] {
            let lines = ["Windows Registry Editor Version 5.00", "", Self.key, "\"Partenaire é\"=\"1234567\""]
            let text = lines.joined(separator: end)
            let units = Array(text.utf16)
            let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            let files: [[UInt8]] = [
                little, [0xFF, 0xFE] + little, big, [0xFE, 0xFF] + big, Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
                [0xFF, 0xFE] + little + [0x0D],
            ]
            for file in files {
                let export = try RegistryExport(file)
                #expect(
                    export.keys.first?.values == [RegistryExport.Value(name: "Partenaire é", data: .string("1234567"))],
                    "\(file.prefix(4))")
                #expect(export.problems.isEmpty)
            }
        }
    }

    @Test("a REGEDIT4 file in some code page keeps what is ASCII in it")
    func codePage() throws {
        let text = "REGEDIT4\r\n\r\n\(Self.key)\r\n\"Partner\"=\"1234567\"\r\n\"Pr\u{e9}nom\"=\"\u{e9}\"\r\n"
        // Latin 1's bytes are the numbers of its characters.
        let export = try RegistryExport(text.unicodeScalars.map { UInt8($0.value) })
        #expect(export.keys.first?.values.first == RegistryExport.Value(name: "Partner", data: .string("1234567")))
        #expect(export.keys.first?.values.count == 2)
    }

    @Test("all kinds of data")
    func data() throws {
        #expect(
            try values(
                #""Partner"="12\"34\\5""#,
                #""Number"=dword:0012d687"#,
                #""Hex string"=hex(1):31,00,32,00,33,00,00,00"#,
                #""Expanded"=hex(2):25,00,41,00,25,00,00,00"#,
                #""Numbers"=hex(4):87,d6,12,00"#,
                #""Binary"=hex:01,02"#,
                #""Many"=hex(7):31,00,00,00,00,00"#,
                #""Long"=hex(b):01,00,00,00,00,00,00,00"#,
                #""Empty"="""#,
                #"@="default""#
            ) == [
                #"Partner=REG_SZ "12\"34\5""#,
                "Number=REG_DWORD 1234567 (0x12d687)",
                #"Hex string=REG_SZ "123""#,
                #"Expanded=REG_EXPAND_SZ "%A%""#,
                "Numbers=REG_DWORD 1234567 (0x12d687)",
                "Binary=REG_BINARY 2 bytes",
                "Many=REG_MULTI_SZ 6 bytes",
                "Long=REG_QWORD 8 bytes",
                #"Empty=REG_SZ """#,
                #"=REG_SZ "default""#,
            ])
    }

    @Test("strings in hexadecimal are in a code page in REGEDIT4")
    func oldHex() throws {
        #expect(try values(#""Partner"=hex(2):31,32,33,00"#, version: "REGEDIT4") == [#"Partner=REG_EXPAND_SZ "123""#])
    }

    @Test("data goes on over lines: hexadecimal behind a backslash, text until its quotation mark")
    func continued() throws {
        #expect(
            try values(
                #""Partner"=hex(1):31,00,32,00,\"#, "  33,00,\\", "  00,00", #""Text"="a"#, #"b""#, #""After"="c""#
            ) == [#"Partner=REG_SZ "123""#, #"Text=REG_SZ "a\u{D}\u{A}b""#, #"After=REG_SZ "c""#])
    }

    @Test("what is set later counts, and what is deleted is told")
    func order() throws {
        #expect(
            try values(#""Partner"="1""#, #""PARTNER"="2""#, #""Other"=-"#) == [#"Partner=REG_SZ "2""#, "Other=deleted"])
        let export = try RegistryExport(
            KitFixtures.export(Self.key, #""Partner"="1""#, "[-\(MSOKey.path)]", "", "[-\(MSOKey.path)\\Partner]"))
        #expect(export.keys.map(\.isDeleted) == [true, true])
        #expect(export.keys.allSatisfy { $0.values.isEmpty })
        let again = try RegistryExport(
            KitFixtures.export("[-\(MSOKey.path)]", Self.key.lowercased(), #""Partner"="1""#))
        #expect(again.keys.map(\.isDeleted) == [false])
        #expect(again.keys.first?.values.count == 1)
    }

    @Test("a key that is deleted takes with it what is below", arguments: ["Windows Server", "Windows Server\\MSO"])
    func deletedParent(name: String) throws {
        let text = """
            Windows Registry Editor Version 5.00

            \(Self.key)
            "Partner"="1234567"

            [-HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\\(name)]
            """
        let export = try RegistryExport(Array(text.utf8))
        let key = try #require(export.keys.first { $0.place == .right })
        #expect(key.isDeleted && key.values.isEmpty)
    }

    @Test("a path of very many keys is looked at once")
    func deepPath() throws {
        let path = String(repeating: "a\\", count: 200_000) + "server"
        let export = try RegistryExport(Array("Windows Registry Editor Version 5.00\n\n[\(path)]\n\"Partner\"=\"1\"\n".utf8))
        #expect(export.keys.isEmpty)
    }

    @Test("a line that nothing can be made of is told with its number, and costs no other line")
    func problems() throws {
        let export = try RegistryExport(
            KitFixtures.export(
                "nonsense outside of a key is passed over", Self.key, "nonsense", #""Unclosed=1"#, #""No equals""1""#,
                #""A"="1" 2"#, #""B"="never closed"#, #""C"=dword:12345678901"#, #""D"=hex(1):3g"#, #""E"=what"#, "; a comment",
                #""Partner"="1234567" ; another"#))
        #expect(export.problems.map(\.line) == [5, 6, 7, 8, 9, 10, 11, 12])
        #expect(export.keys.first?.values == [RegistryExport.Value(name: "Partner", data: .string("1234567"))])
    }

    @Test("of an export with many keys those near the module's are kept")
    func manyKeys() throws {
        var lines: [String] = []
        for number in 0..<20_000 {
            lines += ["[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\\(number)]", "\"Partner\"=\"\(number)\"", ""]
        }
        lines.insert(contentsOf: [Self.key, #""Partner"="1234567""#, ""], at: 30_000)
        let text = (["Windows Registry Editor Version 5.00", ""] + lines).joined(separator: "\r\n")
        let export = try RegistryExport(KitFixtures.utf16(text))
        #expect(export.keyCount == 20_001)
        #expect(export.keys.map(\.path) == [MSOKey.path])
        #expect(export.keys.first?.values == [RegistryExport.Value(name: "Partner", data: .string("1234567"))])
    }

    @Test("keys, values and problems are bounded, and what fits is read")
    func bounds() throws {
        var lines = [Self.key]
        lines += (0..<2 * RegistryExport.maximumValues).map { "\"Value \($0)\"=\"1\"" }
        lines += (0..<2 * RegistryExport.maximumKeys).map { "[\(MSOKey.path)\\\($0)]" }
        let text = (["Windows Registry Editor Version 5.00"] + lines).joined(separator: "\n")
        let export = try RegistryExport(Array(text.utf8))
        #expect(export.keys.count == RegistryExport.maximumKeys)
        #expect(export.keys.first?.values.count == RegistryExport.maximumValues)
        #expect(export.problems.count == RegistryExport.maximumProblems)
        let long = String(repeating: "a", count: RegistryExport.maximumValueBytes + 1)
        #expect(try values("\"Long\"=hex:" + String(repeating: "00,", count: RegistryExport.maximumValueBytes + 1)) == [])
        #expect(try values("\"Long\"=\"\(long)", #""Partner"="1""#) == [#"Partner=REG_SZ "1""#])
    }

    @Test("what is no export is refused, with what to do")
    func refusals() {
        for (bytes, part) in [
            ([], "is empty"), (Array("id,name\n1,2\n".utf8), "begins with \"id,name\""), ([0xFF, 0xFE], "is empty"),
            (Array("Windows Registry Editor Version 6.00\n".utf8), "no registry export"), ([0x00], "no registry export"),
        ] as [([UInt8], String)] {
            let fault = #expect(throws: KitFault.self) { try RegistryExport(bytes) }
            #expect(fault?.message.contains(part) == true, "\(bytes)")
            #expect(fault?.message.contains("reg export") == true)
        }
        #expect(throws: KitFault.self) { try RegistryExport([UInt8](repeating: 0x0A, count: RegistryExport.maximumBytes + 1)) }
    }

    @Test("whatever bytes follow the first line, reading ends")
    func anything() throws {
        var random = SplitMix64(seed: 7)
        let pieces = [
            Self.key, "[", "]", "\"", "\\", "=", "hex(1):", "31,", "dword:", "\r\n", "\n", "@", "-", ";", "Partner", "\u{0}", "é",
            "[-", "\\MSO", " ",
        ]
        for _ in 0..<3_000 {
            let count = Int.random(in: 0...40, using: &random)
            let text = "REGEDIT4\n" + (0..<count).map { _ in pieces.randomElement(using: &random)! }.joined()
            let export = try RegistryExport(Array(text.utf8))
            #expect(export.keys.allSatisfy { $0.values.count <= count })
        }
    }
}

@Suite("Where a key stands")
struct KeyPlaceTests {
    @Test(
        "near keys are told from far ones",
        arguments: [
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO"#, .right),
            (#"hkey_local_machine\software\microsoft\windows server\mso\"#, .right),
            (#"HKLM\SOFTWARE\Microsoft\Windows Server\MSO"#, .right),
            (#"HKEY_LOCAL_MACHINE\porter\Microsoft\Windows Server\MSO"#, .loaded),
            (#"HKEY_LOCAL_MACHINE\소프트웨어\Microsoft\Windows Server\MSO"#, .elsewhere),
            (#"HKEY_LOCAL_MACHINE\SOFT WARE\Microsoft\Windows Server\MSO"#, .elsewhere),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server \MSO"#, .elsewhere),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\WindowsServer\MSO"#, .elsewhere),
            (#"HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows Server\MSO"#, .elsewhere),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO"#, .for32Bit),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO\Partner"#, .child(name: "Partner", isFor32Bit: false)),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO\1"#, .child(name: "1", isFor32Bit: false)),
            (
                #"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO\Partner"#,
                .child(name: "Partner", isFor32Bit: true)
            ),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\partner"#, .child(name: "partner", isFor32Bit: false)),
            (
                #"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\Partner"#,
                .child(name: "Partner", isFor32Bit: true)
            ),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\Partner\Partner"#, nil),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO\Partner\Partner"#, nil),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server"#, .above),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows"#, nil),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\Networking"#, nil),
            ("MSO", .elsewhere), ("", nil), ("\\", nil),
        ] as [(String, KeyPlace?)])
    func places(path: String, expected: KeyPlace?) {
        #expect(KeyPlace(path) == expected)
    }
}
