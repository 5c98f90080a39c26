import Attribution
import Testing

@testable import Subscriptions

@Suite("A notice's letter")
struct LetterTests {
    private static let letters = Result { try NoticeLibrary.load(publicFolder: publicFolder) }

    private static let from = Mailbox("Sign-ups of Example <mail@gateway.example>")!

    private func message(_ notice: Notice, replyTo: Mailbox? = nil) throws -> MailMessage {
        let texts = try Self.letters.get().texts(for: notice.language)
        let letter = NoticeLetter(notice, texts, takesReplies: replyTo != nil)
        return MailMessage(
            from: Self.from, replyTo: replyTo, recipient: MailAddress("mpn@partner.example")!, subject: letter.subject,
            date: notice.time, id: MessageID(notice, domain: "gateway.example"), language: texts.language.tag,
            text: letter.text, html: letter.html)
    }

    @Test(
        "is a message of two texts in every language, with all that the partner has to know",
        arguments: DocumentedLanguage.allCases, Notice.Kind.allCases)
    func languages(language: DocumentedLanguage, kind: Notice.Kind) throws {
        let notice = Notice.sample(kind, language: language.tag, subscription: "S-1&2")
        let replyTo = try #require(Mailbox("help@gateway.example"))
        let made = try message(notice, replyTo: replyTo)
        let read = try ReadMessage(made.bytes(lineEnd: "\r\n"), lineEnd: "\r\n")
        #expect(read.header("From") == "\"Sign-ups of Example\" <mail@gateway.example>")
        #expect(read.header("Reply-To") == "help@gateway.example")
        #expect(read.header("To") == "mpn@partner.example")
        #expect(read.header("Date") == "Mon, 03 Oct 2016 08:09:10 +0000")
        #expect(read.header("Message-ID") == "<01ARZ3NDEKTSV4RRFFQ69G5FAV.\(kind.rawValue)@gateway.example>")
        #expect(read.header("Auto-Submitted") == "auto-generated")
        #expect(read.header("Content-Language") == language.tag)
        #expect(read.header("MIME-Version") == "1.0")
        let subject = try #require(read.header("Subject"))
        #expect(subject.contains("Office 365") && subject.contains("S-1&2"))
        let (text, html) = (try #require(read.parts["text/plain"]), try #require(read.parts["text/html"]))
        #expect(text == made.text && html == made.html)
        for fact in ["1234567", "Office 365", "2016-10-03 08:09", "UTC", "MPN ID"] {
            #expect(text.contains(fact) && html.contains(fact), "\(fact)")
        }
        #expect(text.contains("S-1&2") && html.contains("S-1&amp;2"))
        #expect(html.contains("<html lang=\"\(language.tag)\">"))
        #expect(!text.contains("{") && !html.contains("{"))
    }

    @Test("differs from language to language, and between what was added and what was removed")
    func differences() throws {
        var subjects: Set<String> = []
        for language in DocumentedLanguage.allCases {
            for kind in Notice.Kind.allCases { subjects.insert(try message(.sample(kind, language: language.tag)).subject) }
        }
        #expect(subjects.count == 24)
    }

    @Test(
        "is in the language nearest to the directory's, else in English",
        arguments: [(nil, "en"), ("fr-CA", "fr"), ("sv", "en"), ("pt-PT", "pt-BR"), ("zh-Hant", "zh-TW")] as [(String?, String)])
    func nearest(tag: String?, language: String) throws {
        #expect(try message(.sample(language: tag)).language == language)
    }

    @Test("asks for no answer where nobody reads it")
    func lines() throws {
        let plain = try message(.sample())
        #expect(!plain.text.contains("answer"))
        let read = try ReadMessage(plain.bytes(lineEnd: "\n"), lineEnd: "\n")
        #expect(read.header("Reply-To") == nil)
    }

    @Test("takes what it is given as text, whatever it looks like")
    func hostile() throws {
        let hostile = "<script>\"'&\r\nBcc: x@y.example\r\n\r\n--=_porter_notice\r\n.\r\n{product}\u{202E}"
        let made = try message(.sample(subscription: hostile))
        let read = try ReadMessage(made.bytes(lineEnd: "\r\n"), lineEnd: "\r\n")
        #expect(read.header("Bcc") == nil)
        #expect(read.parts.count == 2)
        #expect(read.rawLines.count(where: { $0.hasPrefix("--=_porter_notice") }) == 3)
        #expect(!read.rawLines.contains("."))
        let text = try #require(read.parts["text/plain"])
        #expect(text.contains("Subscription: <script>\"'& Bcc: x@y.example --=_porter_notice . {product}\n"))
        let html = try #require(read.parts["text/html"])
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;&quot;&#39;&amp; Bcc"))
        // As long as it likes.
        let long = try message(.sample(subscription: String(repeating: "ж", count: 10_000)))
        _ = try ReadMessage(long.bytes(lineEnd: "\r\n"), lineEnd: "\r\n")
        #expect(long.text.utf8.count < 2_000)
    }

    @Test("has the same bytes at each attempt")
    func stable() throws {
        let notice = Notice.sample(language: "ja")
        #expect(try message(notice).bytes(lineEnd: "\n") == message(notice).bytes(lineEnd: "\n"))
    }

    @Test("a mistake in a text file is told with its line")
    func mistakes() throws {
        let good = NoticeSentence.allCases.map { sentence in
            "\(sentence.rawValue): x" + sentence.places.map { " {\($0.rawValue)}" }.joined()
        }.joined(separator: "\n")
        func message(_ text: String) -> String? {
            do throws(NoticeFault) {
                _ = try NoticeTexts(Array(text.utf8), language: .english, file: "en.txt")
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message("# a comment\n\n" + good) == nil)
        let changes: [(from: String, to: String, expected: String)] = [
            ("scope: ", "scoop: ", "\"scoop\" is no key"), ("scope: x", "", "en.txt lacks scope"),
            ("scope: x", "scope: ", "scope is empty"), ("scope: x", "added: x", "added is there twice"),
            ("time: x {time}", "time: x", "expected {time}"), ("scope: x", "scope: {time}", "expected none"),
            ("scope: x", "scope: {tiem}", "nothing is put in place of {tiem}"), ("scope: x", "scope: {time", "{ is not closed"),
            ("scope: x", "scope x", "the line is not `key: sentence`"),
        ]
        for change in changes {
            let changed = good.replacing(change.from, with: change.to)
            #expect(changed != good, "\(change.from)")
            #expect(message(changed)?.contains(change.expected) == true, "\(change.to): \(message(changed) ?? "no mistake")")
        }
        #expect(throws: NoticeFault.self) { try NoticeTexts([0xFF], language: .english, file: "en.txt") }
        #expect(throws: NoticeFault.self) { try NoticeLibrary.load(publicFolder: "/nowhere") }
    }
}
