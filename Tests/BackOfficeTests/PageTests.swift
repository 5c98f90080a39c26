import Attribution
import DeploymentKit
import Foundation
import Ledger
import Office
import Subscriptions
import Testing

@testable import BackOffice

@Suite("Pages")
struct PageTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Public/back-office").standardizedFileURL.path

    @Test("all sentences are there in every language")
    func languages() throws {
        let library = try PageLibrary.load(folder: Self.folder)
        #expect(library.keys(in: .english) == library.keys(in: .french))
        let templates = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".mustache") }
        #expect(!templates.isEmpty)
        for template in templates {
            let text = try String(contentsOfFile: Self.folder + "/" + template, encoding: .utf8)
            for match in text.matches(of: /\{\{t\.([a-z0-9_-]+)\}\}/) {
                #expect(library.keys(in: .english).contains(String(match.1)), "\(template): \(match.1)")
            }
            #expect(!text.contains("style=") && !text.contains("<script"), "\(template)")
        }
        let keys = library.keys(in: .english)
        func expectAll<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type, behind prefix: String) {
            for word in Word.allCases { #expect(keys.contains(prefix + word.rawValue), "\(prefix)\(word.rawValue)") }
        }
        expectAll(Outcome.self, behind: "outcome-")
        expectAll(Reason.self, behind: "reason-")
        expectAll(LinkSignature.self, behind: "signature-")
        expectAll(RecordField.self, behind: "field-")
        expectAll(DecisionStep.Question.self, behind: "question-")
        expectAll(DecisionStep.Finding.self, behind: "finding-")
        expectAll(Fact.Label.self, behind: "fact-")
        expectAll(ExplanationWord.self, behind: "word-")
        expectAll(HealthReport.Advice.self, behind: "advice-")
        expectAll(HealthReport.Grade.self, behind: "grade-")
        expectAll(HealthReport.Grade.self, behind: "health-")
        expectAll(Reason.self, behind: "cause-")
        expectAll(Reason.self, behind: "remedy-")
        expectAll(CountMeasure.self, behind: "")
        expectAll(HandshakeFailure.self, behind: "handshake-")
        expectAll(WindowsGeneration.self, behind: "windows-")
        expectAll(HandshakeMend.self, behind: "mend-")
        expectAll(Mistake.Kind.self, behind: "mistake-")
        expectAll(PartnerColumn.self, behind: "column-")
        expectAll(PartnerStanding.Status.self, behind: "status-")
        expectAll(PartnerStanding.StatusReason.self, behind: "cause-")
        expectAll(Partner.Account.self, behind: "account-")
        expectAll(Partner.Agreement.self, behind: "agreement-")
        expectAll(AccessEntry.Action.self, behind: "action-")
        expectAll(RecordKind.self, behind: "kind-")
        expectAll(Role.self, behind: "role-")
        expectAll(Program.self, behind: "program-")
        #expect(keys.contains("program-" + ProgramFigures.noProgram))
        expectAll(KitFault.Kind.self, behind: "kit-fault-")
        expectAll(KitWarning.Kind.self, behind: "kit-warning-")
        expectAll(KitAgreement.self, behind: "kit-agreement-")
        expectAll(Product.Portal.self, behind: "portal-")
        expectAll(Subscriptions.Channel.self, behind: "channel-")
        expectAll(Program.self, behind: "refusal-not-enrolled-")
        expectAll(Evidence.self, behind: "evidence-")
        expectAll(PartnerOfRecord.Obstacle.self, behind: "counts-not-")
        expectAll(AssociationOrigin.self, behind: "by-")
        expectAll(ReceiptFinding.self, behind: "receipt-")
        expectAll(Notice.Kind.self, behind: "notice-kind-")
        expectAll(NoticeState.self, behind: "notice-")
        expectAll(ConflictState.self, behind: "conflict-")
        expectAll(ConflictState.self, behind: "conflicts-")
        let judged: [Outcome] = [.missing, .malformed, .placeholder, .guid, .unknown, .suspended, .expired]
        for outcome in judged { #expect(keys.contains("turn-" + outcome.rawValue)) }
        for format in KitFormat.all { #expect(keys.contains("kit-format-" + format.name)) }
        for part in Sentence.askedParts { #expect(keys.contains("asked-" + part)) }
        for outcome in Outcome.allCases where outcome != .attributed { #expect(keys.contains("remedy-" + outcome.rawValue)) }
        for dimension in OriginsQuestion.dimensions { #expect(keys.contains("dimension-" + dimension.rawValue)) }
    }

    @Test("a sentence has the same places in every language, and one word for one thing")
    func places() throws {
        let library = try PageLibrary.load(folder: Self.folder)
        func places(_ key: String, _ language: PageLanguage) -> [String] {
            library.text(key, in: language).matches(of: /\{[0-9]\}/).map { String($0.output) }.sorted()
        }
        for key in library.keys(in: .english) {
            #expect(places(key, .english) == places(key, .french), "\(key)")
            let french = library.text(key, in: .french).lowercased()
            // annuaire, motif, ID partenaire
            for word in ["répertoire", "raison", "partner id"] { #expect(!french.contains(word), "\(key): \(word)") }
        }
    }

    @Test("who lost handshakes over certificates is advised for a gateway that has RSA alone as well")
    func certificates() throws {
        let library = try PageLibrary.load(folder: Self.folder)
        #expect(library.text("mend-rsa-certificate", in: .english).contains("or the other way round"))
        #expect(library.text("mend-rsa-certificate", in: .french).contains("ou l’inverse"))
    }

    @Test("a refusal is told in the reader's language, with what was given")
    func refusals() throws {
        let library = try PageLibrary.load(folder: Self.folder)
        func told(_ error: any Error, _ language: PageLanguage) -> String {
            Problem(error).sentences.map { library.text($0, in: language) }.joined(separator: " ")
        }
        let unusable = AdjustmentRefusal.unusablePartner(PartnerID("77")!, .suspended, .lapsed)
        #expect(
            told(unusable, .french)
                == "Les inscriptions ne sont pas attribuées au partenaire 77 : changez d’abord son statut. Il est : suspendu "
                + "Le contrat a expiré.")
        let day = Mistake(.noDay, "{2} \"x\"", in: .validTo)
        let error = OfficeError(.invalidPartner, "", day, Mistake(.daysTurnedRound, "2016-10-03", "2016-10-02"))
        #expect(
            told(error, .french)
                == "Valide jusqu’au : {2} \"x\" n’est pas un jour : donnez-le sous la forme AAAA-MM-JJ. Le premier jour, "
                + "2016-10-03, vient après le dernier, 2016-10-02 : inversez-les.")
        #expect(told(error, .english).hasPrefix("Valid to: {2} \"x\" is no day: "))
        #expect(told(QuestionFault("since", "is wrong"), .french).hasPrefix("Du : "))
        #expect(told(QuestionFault("by", "is wrong"), .french) == "")
    }

    @Test("what others chose is escaped, also where an accent stands on the character")
    func escaping() throws {
        let library = try PageLibrary.load(folder: Self.folder)
        let hostile = "<b>\"'&\u{301}\"\u{301}onmouseover=x <\u{338}script>\u{202E}\u{0}\u{85}\u{200F}\u{2028}"
        func rendered(_ text: String) throws -> String.UnicodeScalarView {
            let values: [String: Any] = ["kind": text, "detail": text, "errors": [text], "t": [String: String]()]
            return try #require(library.render("problem", values)).unicodeScalars
        }
        // The template's own are as many whatever is shown.
        let (shown, plain) = (try rendered(hostile), try rendered("x"))
        for scalar in ["<", "\"", "'", "\u{202E}", "\u{0}", "\u{85}", "\u{200F}", "\u{2028}"] as [Unicode.Scalar] {
            let (found, own) = (shown.count { $0 == scalar }, plain.count { $0 == scalar })
            #expect(found == own, "\(scalar.escaped(asASCII: true)) in \(String(shown))")
        }
        #expect(String(shown).contains("&lt;b&gt;&quot;&#39;"))
    }

    @Test(
        "languages are chosen as the browser asks",
        arguments: [
            (nil, PageLanguage.english), ("fr", .french), ("fr-CA,en;q=0.8", .french), ("de,fr;q=0.5,en;q=0.9", .english),
            ("*", .english), ("fr;q=0,en", .english), (";;;,", .english), ("FR", .french),
        ] as [(String?, PageLanguage)])
    func language(field: String?, expected: PageLanguage) {
        #expect(PageLanguage.best(for: field) == expected)
    }

    @Test("numbers and times are written as the reader's language and zone have them")
    func formats() throws {
        let english = PageFormat(language: .english, timeZone: .gmt)
        let french = PageFormat(language: .french, timeZone: try #require(TimeZone(identifier: "Asia/Kathmandu")))
        #expect(english.number(1_234_567) == "1,234,567" && french.number(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(english.number(-12) == "−12" && english.number(123) == "123" && english.number(0) == "0")
        #expect(english.share(1, of: 3) == "33.3%" && french.share(1, of: 3) == "33,3\u{202F}%" && english.share(1, of: 0) == "–")
        #expect(english.share(-1, of: 3) == "−33.3%")
        #expect(english.points((3, 4), against: (1, 2)) == "+25.0\u{202F}pp" && english.points((1, 2), against: (0, 0)) == "–")
        #expect(french.points((1, 3), against: (2, 3)) == "−33,3\u{202F}pt" && english.signed("5") == "+5")
        let time = try #require(Timestamp(rfc3339: "2016-10-03T20:00:00Z"))
        #expect(french.time(time) == "2016-10-04 01:45:00" && french.utc(time) == "2016-10-03 20:00:00 UTC")
        #expect(french.day(of: time).description == "2016-10-04")
    }

    @Test("a link leads back to pages of ours only", arguments: ["//evil", "https://evil", "/\\evil", "/a b", "", "x", "/\u{7}"])
    func ownPaths(text: String) {
        #expect(Pages.ownPath(text) == "/overview")
        #expect(Pages.ownPath("/log?partner=1") == "/log?partner=1")
    }

    @Test("a chart escapes names, and has bars that fit")
    func chart() {
        let chart = BarChart(
            series: [("attributed", "<i>"), ("missing", "b\"")],
            bars: [.init(label: "2016-10-03", values: [3, 1]), .init(label: "<day>", values: [0, 0])], title: "\"title\"",
            format: PageFormat(language: .english, timeZone: .gmt))
        #expect(chart.svg.contains("aria-label=\"&quot;title&quot;\""))
        #expect(!chart.svg.contains("<i>") && !chart.svg.contains("<day>"))
        #expect(chart.svg.split(separator: "<rect").count == 3)
        #expect(chart.svg.hasSuffix("</svg>"))
    }
}
