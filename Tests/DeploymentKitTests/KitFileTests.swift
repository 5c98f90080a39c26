import Attribution
import Testing

@testable import DeploymentKit

@Suite("The files of a kit")
struct KitFileTests {
    @Test("regedit's file is UTF-16LE with a byte order mark and CRLF, and has no comment")
    func reg() throws {
        let kit = try KitFixtures.kit(KitFixtures.active, .mospa)
        #expect(
            try kit.file(.reg).bytes
                == KitFixtures.utf16(
                    "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows Server\\MSO]\r\n"
                        + "\"Partner\"=\"1234567\"\r\n\r\n"))
        #expect(
            try kit.file(.reg, undo: true).bytes
                == KitFixtures.utf16(
                    "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows Server\\MSO]\r\n"
                        + "\"Partner\"=-\r\n\r\n"))
    }

    @Test("what regedit's file sets is what our reader of exports finds, and its undo takes all of it away")
    func regReadBack() throws {
        let kit = try KitFixtures.kit(campaign: "spring")
        let export = try RegistryExport(try kit.file(.reg).bytes)
        #expect(export.keys.map(\.place) == [.right])
        #expect(
            export.keys.first?.values == kit.values.map { RegistryExport.Value(name: $0.name.rawValue, data: .string($0.data)) })
        let undone = try RegistryExport(try kit.file(.reg, undo: true).bytes)
        #expect(undone.keys.first?.values == kit.values.map { RegistryExport.Value(name: $0.name.rawValue, data: nil) })
    }

    @Test("the batch file's commands come to reg.exe as they are meant")
    func cmd() throws {
        let judge = try KitFixtures.judge(
            KitFixtures.route("enterprise", "buy", paths: "\"/a/{partner}\""),
            KitFixtures.route("enterprise", "trial", paths: "\"/b/{partner}\""),
            KitFixtures.route("small-business", "buy", paths: "\"/c/{partner}\""),
            KitFixtures.route("small-business", "trial", paths: "\"/d/{partner}\""))
        let kit = try KitFixtures.kit(campaign: "50% & more", judge: judge)
        let text = KitFixtures.text(try kit.file(.cmd))
        #expect(text.hasPrefix("@echo off\r\n"))
        #expect(text.hasSuffix("\r\nexit /b 0\r\n\r\n:failed\r\nexit /b %errorlevel%\r\n"))
        let start = #""%SystemRoot%\System32\reg.exe" add "#
        let lines = text.split(separator: "\r\n").filter { $0.hasPrefix(start) }
        #expect(lines.count == 5)
        for (line, value) in zip(lines, kit.values) {
            #expect(line.hasSuffix(" >nul || goto failed"))
            let (command, marks) = WindowsReader.batchLine(
                String(line.dropFirst(start.count).dropLast(" >nul || goto failed".count)))
            #expect(marks.isEmpty)
            #expect(
                WindowsReader.arguments(command) == [
                    "HKLM\\SOFTWARE\\Microsoft\\Windows Server\\MSO", "/v", value.name.rawValue, "/t", "REG_SZ", "/d", value.data,
                    "/f", "/reg:64",
                ])
        }
    }

    @Test("commands of an answer file split into the arguments that are meant")
    func unattend() throws {
        let kit = try KitFixtures.kit(campaign: "spring")
        let text = KitFixtures.text(try kit.file(.unattend))
        for value in kit.values {
            let command = RegCommand.shortAdd(value)
            #expect(text.contains("<Path>\(MarkupText.escaped(command))</Path>"))
            #expect(
                WindowsReader.arguments(command) == [
                    "reg", "add", "HKLM\\SOFTWARE\\Microsoft\\Windows Server\\MSO", "/v", value.name.rawValue, "/d", value.data,
                    "/f", "/reg:64",
                ])
        }
        for number in 1...5 { #expect(text.contains("<Order>\(number)</Order>")) }
    }

    @Test("a command that Setup would cut is refused, by the character")
    func longCommands() throws {
        func kit(_ length: Int) throws -> Kit {
            let judge = try KitFixtures.judge(
                KitFixtures.route("enterprise", "buy", paths: "\"/a/{partner}\""),
                KitFixtures.route("enterprise", "trial", paths: "\"/b/{partner}\""),
                KitFixtures.route("small-business", "buy", paths: "\"/c/{partner}\""),
                KitFixtures.route("small-business", "trial", paths: "\"/d/{partner}\""))
            return try KitFixtures.kit(campaign: String(repeating: "a", count: length), judge: judge)
        }
        // The longest name is MOSRALITEBUY's and MOSRALITETRY's.
        let rest = try kit(1).values.map { RegCommand.shortAdd($0).utf16.count - 1 }.max() ?? 0
        let most = AnswerFile.maximumPathLength - rest
        #expect(try kit(most).file(.unattend).bytes.isEmpty == false)
        let fault = #expect(throws: KitFault.self) { try kit(most + 3).file(.unattend) }
        #expect(fault?.words.dropFirst() == ["259", "3"])
        #expect(fault?.message.contains("is 3 characters too long") == true)
        #expect(try kit(most + 1).file(.reg).bytes.isEmpty == false)
    }

    @Test("every file has its undo under another name, and names are fit for any file system")
    func names() throws {
        let kit = try KitFixtures.kit()
        var names: Set<String> = []
        for script in KitScript.allCases {
            for undo in [false, true] {
                let file = try kit.file(script, undo: undo)
                names.insert(file.name)
                #expect(file.name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x2D || $0 == 0x2E })
                #expect(!file.bytes.isEmpty)
            }
        }
        #expect(names.count == 2 * KitScript.allCases.count)
        #expect(names.contains("porter-1234567-mosra-offline-undo.ps1"))
    }

    @Test("an undo is the same without a gateway and routes as with them, and says that it removes whatever is there")
    func undoAlone() throws {
        for agreement in KitAgreement.allCases {
            let whole = try KitFixtures.kit(KitFixtures.active, agreement)
            #expect(agreement.valueNames == whole.values.map(\.name))
            var wishes = KitWishes()
            wishes.agreement = agreement.rawValue
            wishes.undo = true
            let order = try KitOrder(for: KitFixtures.active, wishes, on: KitFixtures.time.day)
            let nothing = try KitFixtures.judge("name: a\nmatch: { paths: [/a] }\ndestination: { url: https://x.example }\n")
            let undo = try Kit(order, signing: nil, judge: nothing)
            for script in KitScript.allCases {
                let file = try undo.file(script, undo: true)
                #expect(file == (try whole.file(script, undo: true)))
                #expect(KitFixtures.text(file).contains("whatever they hold") == (script != .reg))
            }
        }
    }

    @Test("scripts are ASCII with CRLF, which every version of Windows reads alike", arguments: [KitScript.cmd, .ps1, .offline])
    func plain(script: KitScript) throws {
        for undo in [false, true] {
            let bytes = try KitFixtures.kit(campaign: "spring").file(script, undo: undo).bytes
            #expect(bytes.allSatisfy { $0 == 0x0A || $0 == 0x0D || (0x20..<0x7F).contains($0) })
            #expect(bytes.indices.allSatisfy { bytes[$0] != 0x0A || ($0 > 0 && bytes[$0 - 1] == 0x0D) })
        }
    }

    @Test("PowerShell's scripts say how they are run where scripts are not", arguments: [KitScript.ps1, .offline])
    func policy(script: KitScript) throws {
        for undo in [false, true] {
            let text = KitFixtures.text(try KitFixtures.kit().file(script, undo: undo))
            let head = text.split(separator: "#>")[0]
            #expect(head.contains("powershell -ExecutionPolicy Bypass -File"))
            #expect(head.contains("Unblock-File"))
        }
    }

    @Test("the offline script unloads the hive whatever happens")
    func offline() throws {
        let text = KitFixtures.text(try KitFixtures.kit().file(.offline))
        let load = try #require(text.range(of: "Invoke-Reg load"))
        let begin = try #require(text.range(of: "try {"))
        let add = try #require(text.range(of: "Invoke-Reg add"))
        let finally = try #require(text.range(of: "finally {"))
        let unload = try #require(text.range(of: "Invoke-Reg unload"))
        #expect(load.lowerBound < begin.lowerBound)
        #expect(begin.lowerBound < add.lowerBound)
        #expect(add.lowerBound < finally.lowerBound)
        #expect(finally.lowerBound < unload.lowerBound)
    }
}

extension String {
    /// Without Foundation's own.
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
