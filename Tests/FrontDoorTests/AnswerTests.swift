import Attribution
import Foundation
import NIOCore
import Testing

@testable import FrontDoor

@Suite("Answers")
struct AnswerTests {
    private static let time = Timestamp(microseconds: 784_111_777_000_000)

    private func bytes(_ reply: Reply, isHealthy: Bool = true) -> String {
        var writer = AnswerWriter()
        writer.tick(Self.time)
        var buffer = ByteBuffer()
        writer.write(reply, pages: .builtIn, isHealthy: isHealthy, to: &buffer)
        return String(buffer: buffer)
    }

    @Test("carry the date as RFC 9110 writes it")
    func date() {
        #expect(String(decoding: Self.time.httpDate, as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(String(decoding: Timestamp(microseconds: 0).httpDate, as: UTF8.self) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(String(decoding: Timestamp(microseconds: -1).httpDate, as: UTF8.self) == "Wed, 31 Dec 1969 23:59:59 GMT")
        let leap = Timestamp(microseconds: 1_709_164_800_000_000)
        #expect(String(decoding: leap.httpDate, as: UTF8.self) == "Thu, 29 Feb 2024 00:00:00 GMT")
    }

    @Test("redirect byte for byte", arguments: [302, 303, 307])
    func redirect(status: Int) {
        let reply = Reply(
            content: .answer(.redirect(status: status, location: Location("https://x/?a=b#"))), receipt: Receipt(high: 1, low: 2),
            isHead: false,
            persistence: .stays
        )
        let reason = [302: "Found", 303: "See Other", 307: "Temporary Redirect"][status] ?? ""
        #expect(
            bytes(reply) == """
                HTTP/1.1 \(status) \(reason)\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Cache-Control: no-store\r
                Content-Length: 0\r
                Porter-Receipt: 0000000000000G000000000002\r
                Location: https://x/?a=b#\r
                \r

                """
        )
    }

    @Test("say what becomes of the connection when that is not the version's own way")
    func connection() {
        var reply = Reply(content: .answer(.own(.favicon)), isHead: false, persistence: .ends)
        #expect(bytes(reply).contains("\r\nConnection: close\r\n"))
        reply.persistence = .staysWhenSaid
        #expect(bytes(reply).contains("\r\nConnection: keep-alive\r\n"))
        reply.persistence = .stays
        #expect(!bytes(reply).contains("Connection"))
        #expect(!bytes(reply).contains("Content-Length"))
    }

    @Test("to HEAD have the length of the body that GET would get")
    func head() {
        let get = bytes(Reply(content: .answer(.own(.robots)), isHead: false, persistence: .stays))
        let head = bytes(Reply(content: .answer(.own(.robots)), isHead: true, persistence: .stays))
        #expect(get == head + "User-agent: *\nDisallow: /\n")
        #expect(head.contains("Content-Length: 26\r\n"))
    }

    @Test("to health checks follow the ledger")
    func health() {
        let reply = Reply(content: .answer(.own(.health)), isHead: false, persistence: .stays)
        #expect(bytes(reply).hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(bytes(reply, isHealthy: false).hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
    }
}

@Suite("Error pages")
struct ErrorPagesTests {
    private static let publicFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Public"

    private func page(_ key: String, _ tag: String?, pages: ErrorPages) -> String {
        let wishes = wishes(tag)
        return String(decoding: pages.page(key, for: wishes, receipt: Receipt(high: 0, low: 1)).html, as: UTF8.self)
    }

    /// - Parameters:
    ///   - tag: of the culture that the request's parameters name.
    ///   - accepted: the value of Accept-Language.
    private func wishes(_ tag: String?, accepting accepted: String? = nil) -> LanguageWishes {
        var head = RequestHead(bytes: Array("GET/".utf8), method: 0..<3, target: 3..<4, version: .http11)
        if let accepted { head.appendField(name: "accept-language".utf8, value: accepted.utf8) }
        return LanguageWishes(culture: tag.flatMap { Culture(tag: $0) }, head)
    }

    @Test("speak the visitor's language, else English")
    func languages() throws {
        let pages = try ErrorPages.load(publicFolder: Self.publicFolder)
        for (tag, language) in [
            ("fr-CA", "fr"), ("de-DE", "de"), ("pt-PT", "pt-BR"), ("zh-TW", "zh-TW"), ("zh-HK", "zh-TW"), ("zh-Hant", "zh-TW"),
            ("zh-CN", "zh-CN"), ("zh-SG", "zh-CN"), ("ja-JP", "ja"), ("ph-PH", "en"), ("en-GB", "en"), ("sv-SE", "en"),
        ] {
            #expect(page("placeholder", tag, pages: pages).contains("<html lang=\"\(language)\">"), "\(tag)")
        }
        #expect(page("placeholder", nil, pages: pages).contains("<html lang=\"en\">"))
    }

    @Test(
        "speak the language that the URL names, else the best of those that the browser accepts and there is a page in",
        arguments: [
            (nil, "nl, fr;q=0.5", "fr"), (nil, "nl, fr;q=0.5, de;q=0.8", "de"),
            (nil, "nl-NL,nl;q=0.9,pt;q=0.3,en;q=0.2", "pt-BR"),
            (nil, "nl, fr;q=0", "en"), (nil, "fr;q=0, nl, de;q=0.1", "de"), (nil, "nl, *;q=0.5", "en"), (nil, "nl", "en"),
            (nil, "en, fr;q=0.9", "en"), (nil, "zh-Hant-HK, en;q=0.5", "zh-TW"),
            // Windows has no culture of this name.
            (nil, "fr-CM, de;q=0.9", "fr"),
            ("nl-NL", "de", "de"), ("nl-NL", "nl, ja;q=0.1", "ja"), ("nl-NL", "nl", "en"), ("nl-NL", nil, "en"),
            ("it-IT", "de", "it"), ("de-AT", "fr-CM, de;q=0.5", "de"), ("en-GB", "de", "en"),
        ] as [(String?, String?, String)])
    func wishes(tag: String?, accepted: String?, language: String) throws {
        let pages = try ErrorPages.load(publicFolder: Self.publicFolder)
        #expect(pages.page("missing", for: wishes(tag, accepting: accepted), receipt: nil).language == language)
    }

    @Test("that say to try again send nobody elsewhere", arguments: ["en", "de"])
    func advice(language: String) throws {
        let pages = try ErrorPages.load(publicFolder: Self.publicFolder)
        let path = Self.publicFolder + "/errors/\(language).txt"
        let said = try ErrorPages.sentences(in: String(contentsOfFile: path, encoding: .utf8), path: path)
        for (key, advice) in [
            "unknown": "advice", "not-found": "advice-other", "too-large": "advice-other", "unavailable": nil, "too-slow": nil,
        ] {
            let shown = page(key, language, pages: pages)
            #expect(shown.contains(try #require(said[key])))
            for other in ["advice", "advice-other"] {
                #expect(shown.contains(try #require(said[other])) == (other == advice), "\(key)")
            }
        }
    }

    @Test("are chosen by the beginning of a list that is longer than any browser's, whatever the size of the head")
    func longWishes() {
        let tags = String(repeating: "nl, ", count: 100)
        #expect(wishes(nil, accepting: tags + "fr").accepted == Array((tags + "fr").utf8)[...])
        let long = String(repeating: tags, count: 20) + "fr"
        #expect(wishes(nil, accepting: long).accepted == Array(long.utf8.prefix(512))[...])
    }

    @Test("of the shipped languages have all sentences, and leave code-like words alone")
    func complete() throws {
        let folder = Self.publicFolder + "/errors"
        let names = try #require(Files.names(in: folder)).filter { $0.hasSuffix(".txt") }
        #expect(names.count == DocumentedLanguage.allCases.count)
        for name in names {
            let path = "\(folder)/\(name)"
            let text = String(decoding: try Files.read(path, limit: 100_000), as: UTF8.self)
            let sentences = try ErrorPages.sentences(in: text, path: path)
            #expect(Set(sentences.keys) == Set(ErrorPages.builtInSentences.keys), "\(name)")
            for key in ["missing", "malformed", "placeholder", "guid", "conflict", "unknown", "advice"] {
                #expect(sentences[key]?.contains("(MPN ID") == true, "\(name) \(key)")
            }
            #expect(sentences["advice"]?.contains(#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO"#) == true)
            #expect(sentences["advice"]?.contains("Partner") == true)
        }
    }

    @Test("speak it also when there is no sign-up, and when it could not be recorded")
    func refusals() throws {
        let pages = try ErrorPages.load(publicFolder: Self.publicFolder)
        let japanese = wishes("ja-JP")
        let contents: [(Reply.Content, status: Int)] = [
            (.answer(.refusal(.notFound)), 404), (.fault(.expectation), 417), (.unavailable, 503),
        ]
        for (content, status) in contents {
            let page = Page.of(content, receipt: nil, wishes: japanese, pages: pages, isHealthy: true)
            #expect(page.status == status)
            #expect(page.fields.contains { $0.name == "content-language" && $0.value == "ja" })
            #expect(String(decoding: page.body, as: UTF8.self).contains("<html lang=\"ja\">"))
        }
        let missing = Page.of(contents[0].0, receipt: nil, pages: pages, isHealthy: true)
        #expect(missing.fields.contains { $0.name == "content-language" && $0.value == "en" })
        #expect(missing.fields.contains { $0.name == "vary" && $0.value == "accept-language" })
    }

    @Test("of a language that an operator added are found by its cultures")
    func added() {
        let pages = ErrorPages(shell: "{{language}}", languages: ["sv": [:], "fr-CA": [:], "fr": [:]])
        #expect(page("missing", "sv-SE", pages: pages) == "sv")
        #expect(page("missing", "fr-CA", pages: pages) == "fr-CA")
        #expect(page("missing", "fr-BE", pages: pages) == "fr")
        #expect(page("missing", "de-DE", pages: pages) == "en")
        for (accepted, language) in [("da, sv;q=0.5", "sv"), ("fr-CA", "fr-CA"), ("da, fr-BE;q=0.5", "fr"), ("de", "en")] {
            #expect(pages.page("missing", for: wishes(nil, accepting: accepted), receipt: nil).language == language)
        }
    }

    @Test("escape what they are given, and look into no value again")
    func escaping() {
        let pages = ErrorPages(
            shell: "{{title}}|{{message}}|{{receipt}}|{{unknown}}|{x}",
            languages: ["en": ["title": "<b>&\"'", "missing": "{{receipt}}", "receipt": "R"]]
        )
        #expect(
            page("missing", nil, pages: pages)
                == "&lt;b&gt;&amp;&quot;&#39;|{{receipt}}|R 00000000000000000000000001|{{unknown}}|{x}"
        )
    }

    @Test("lead to the operator's privacy page when there is one, in the visitor's language")
    func privacy() throws {
        let url = try #require(PrivacyURL("https://www.example.com/privacy?a=1&b='2'#c"))
        let linked = try ErrorPages.load(publicFolder: Self.publicFolder, privacy: url)
        let plain = try ErrorPages.load(publicFolder: Self.publicFolder)
        let href = "href=\"https://www.example.com/privacy?a=1&amp;b=&#39;2&#39;#c\""
        for (tag, text) in [(nil, "Privacy"), ("fr-FR", "Confidentialité"), ("de-DE", "Datenschutz"), ("zh-TW", "隱私權")] {
            for key in ["missing", "unsigned", "not-found", "method-not-allowed", "too-large", "unavailable"] {
                #expect(page(key, tag, pages: linked).contains("<p class=\"privacy\"><a \(href)>\(text)</a></p>"), "\(key)")
                let without = page(key, tag, pages: plain)
                #expect(!without.contains("<a ") && !without.contains("{{"), "\(key)")
            }
        }
        let builtIn = try ErrorPages.load(publicFolder: "/nowhere", privacy: url)
        #expect(page("missing", "fr-FR", pages: builtIn).contains("<a \(href)>Privacy</a>"))
    }

    @Test("whose page has no place for the link that is asked for are refused, and served without it")
    func privacyWithoutPlace() throws {
        let folder = try TemporaryFolder()
        let errors = folder.path + "/errors"
        try FileManager.default.createDirectory(atPath: errors, withIntermediateDirectories: false)
        try Data("<p>{{message}}</p>".utf8).write(to: URL(fileURLWithPath: errors + "/page.html"))
        defer { try? FileManager.default.removeItem(atPath: errors) }
        let url = try #require(PrivacyURL("https://www.example.com"))
        #expect(page("missing", nil, pages: try ErrorPages.load(publicFolder: folder.path)).hasPrefix("<p>The sign-up link"))
        do {
            _ = try ErrorPages.load(publicFolder: folder.path, privacy: url)
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains("page.html has no place for {{privacy}}"))
        }
    }

    @Test("are there without files, and say which line of a file is wrong")
    func files() throws {
        let pages = try ErrorPages.load(publicFolder: "/nowhere")
        #expect(page("missing", "fr-FR", pages: pages).contains("carries no Partner ID"))
        #expect(throws: ErrorPages.LoadingError.self) { try ErrorPages.sentences(in: "title: x\nnonsense\n", path: "p") }
        do {
            _ = try ErrorPages.sentences(in: "title: x\nnonsense\n", path: "p.txt")
        } catch {
            #expect(error.description == "p.txt:2: a line must be `key: sentence`")
        }
    }

    @Test("two files of one language are an error that names both")
    func sameLanguage() throws {
        let folder = try TemporaryFolder()
        let errors = folder.path + "/errors"
        try FileManager.default.createDirectory(atPath: errors, withIntermediateDirectories: true)
        for name in ["pt-BR.txt", "PT-br.txt"] { try Data("title: x\n".utf8).write(to: URL(filePath: "\(errors)/\(name)")) }
        let fault = #expect(throws: ErrorPages.LoadingError.self) { try ErrorPages.load(publicFolder: folder.path) }
        #expect(fault?.description.contains("pt-BR.txt") == true && fault?.description.contains("PT-br.txt") == true)
    }
}
