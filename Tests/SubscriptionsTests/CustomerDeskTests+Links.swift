import Attribution
import Office
import Testing

@testable import Subscriptions

/// Who has no link that holds, and what every page is like.
extension CustomerDeskTests {
    @Test("is shown to nobody whose link is wrong, cut or ended, and each of them is told so and noted")
    func links() async throws {
        let changed = String(link.path.dropLast()) + (link.path.hasSuffix("0") ? "1" : "0")
        let ended = Timestamp(microseconds: link.expiresAt.microseconds + Timestamp.microsecondsPerSecond)
        let cases: [(String, Timestamp, Int, CustomerSentence, [CustomerPlace: String])] = [
            (changed, Moment.later, 403, .linkWrong, [:]),
            (String(link.path.dropLast(9)), Moment.later, 404, .linkWrong, [:]),
            ("/s/anything", Moment.later, 404, .linkWrong, [:]),
            (link.path, ended, 410, .linkExpired, [.day: "2016-12-05"]),
        ]
        for (path, time, status, why, words) in cases {
            let plain = PlainOffice(office)
            let desk = try desk(plain, at: time)
            guard case .refused(let reply, let refusal) = desk.judge(question(path)) else {
                Issue.record("\(path) was not refused")
                continue
            }
            #expect(try reply.status == status && text(reply).contains(sentence(why, words)), "\(path)")
            #expect(try text(reply).contains(sentence(.linkTurn)) && !text(reply).contains("sub-1"))
            try await desk.note(refusal)
            #expect(plain.refusedStrangers.count == 1 && !plain.refusedStrangers[0].contains(link.path))
            // What anybody can make up keeps none out of the access log that was made here.
            #expect(plain.formerBearers == (why == .linkExpired ? ["sub-1"] : []), "\(path)")
        }
    }

    @Test("waits when a link is used too often, and says when it can't be had")
    func tooOften() async throws {
        let reply = try await answer(question(), try desk(PlainOffice(office, seconds: 7)))
        #expect(try reply.status == 429 && reply.retryAfterSeconds == 7 && text(reply).contains(sentence(.tooOften)))
        let unavailable = try desk().unavailable(question(language: "fr"))
        #expect(unavailable.status == 503 && unavailable.language == "fr")
        #expect(try text(unavailable).contains(sentence(.unavailable, in: "fr")))
    }

    @Test("notes a body that is too large with the subscription, when the link is one")
    func tooLarge() async throws {
        let plain = PlainOffice(office)
        try await desk(plain).noteTooLarge(question())
        #expect(try office.accessLog(limit: 1).first?.what == "sub-1: too large")
        try await desk(plain).noteTooLarge(question("/s/x"))
        #expect(plain.refusedStrangers == ["a body that is too large"])
    }

    // MARK: Pages

    @Test("is in the language that the browser likes best", arguments: DocumentedLanguage.allCases)
    func languages(language: DocumentedLanguage) async throws {
        let reply = try await answer(question(language: "sv, \(language.tag);q=0.9, *;q=0.1"))
        #expect(reply.language == language.tag && text(reply).contains("<html lang=\"\(language.tag)\">"))
        #expect(try text(reply).contains(sentence(.titleAdd, in: language.tag)))
        #expect(!text(reply).contains("{check}") && !text(reply).contains("{{"))
    }

    @Test("is in English for who likes none of them", arguments: ["", "sv", "*", "en-GB", "x;;q", "de;q=0"])
    func english(accepted: String) async throws {
        #expect(try await answer(question(language: accepted)).language == "en")
    }

    @Test("runs nothing that somebody wrote into it, and asks for nothing from elsewhere")
    func escaping() async throws {
        let name = "\"><script>alert(1)</script>'&"
        _ = try office.importPartners(
            csv: Array("id,name,status,programs\n5,\"\(name.replacing("\"", with: "\"\""))\",active,sell\n".utf8),
            fileName: "p.csv", source: "p.csv", by: .anna, at: Moment.signup)
        let escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"
        try office.tell(.sample("e-2", [.id: "<b>&\"'{{content}}"]))
        let other = try office.issueCustomerLink(to: "<b>&\"'{{content}}", days: 1, by: .anna, at: Moment.later)
        var pages = [try await answer(question(other.path)), try await post("seen=0&partner=5&action=check")]
        #expect(text(pages[0]).contains("<dd>&lt;b&gt;&amp;&quot;&#39;{{content}}</dd>"))
        #expect(text(pages[1]).contains(escaped))
        pages.append(try await post("seen=0&action=check&partner=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%27%26%E2%80%AE"))
        #expect(text(pages[2]).contains("value=\"\(escaped)\""))
        #expect(!text(pages[2]).contains("\u{202E}"))
        pages.append(try await post("seen=0&action=check&partner=" + String(repeating: "%3C", count: 2_000)))
        #expect(text(pages[3]).utf8.count < 16_384)
        for page in pages {
            for wrong in ["<script", "http:", "https:", "src=", "url(", "@import", "onclick", "javascript:"] {
                #expect(!text(page).contains(wrong), "\(wrong)")
            }
        }
    }
}
