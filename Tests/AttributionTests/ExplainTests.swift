import Attribution
import SeededRandomness
import Testing

@Suite("A decision told step by step")
struct ExplainTests {
    private func steps(_ target: String, _ fields: [String: String] = [:], method: String = "GET") throws -> [DecisionStep] {
        let bytes = Array((method + target).utf8)
        var head = RequestHead(
            bytes: bytes, method: 0..<method.utf8.count, target: method.utf8.count..<bytes.count, version: .http11)
        head.appendField(name: "Host".utf8, value: "gateway.example.com".utf8)
        for (name, value) in fields { head.appendField(name: name.utf8, value: value.utf8) }
        let time = try #require(Timestamp(rfc3339: "2016-10-03T08:09:10Z"))
        return explain(
            SignupRequest(head: head, scheme: .https), routes: try GoldenCaseTests.routes.get(),
            directory: try GoldenCaseTests.directory.get(), time: time, receipt: .zero
        ).steps
    }

    private func step(_ question: DecisionStep.Question, of steps: [DecisionStep]) throws -> DecisionStep {
        try #require(steps.first { $0.question == question })
    }

    @Test("says of random requests what the decision says of them", arguments: [21, 22, 23] as [UInt64])
    func agreement(seed: UInt64) throws {
        let routes = try GoldenCaseTests.routes.get()
        let directory = try GoldenCaseTests.directory.get()
        var requests = RandomRequest(seed: seed)
        var told: Set<DecisionStep.Finding> = []
        for index in 0..<2_200 {
            let (request, time) = requests.next()
            let explained = explain(request, routes: routes, directory: directory, time: time, receipt: .zero)
            let decision = decide(request, routes: routes, directory: directory, time: time, receipt: .zero)
            let faults = StepFaults(explained.steps, decision).found
            guard faults.isEmpty else {
                let sent = String(decoding: request.head.bytes, as: UTF8.self)
                Issue.record("seed \(seed), request \(index): \(faults)\n\(sent.debugDescription)")
                return
            }
            told.formUnion(explained.steps.map(\.finding))
        }
        // Findings that never came up would be told by nobody.
        #expect(told == Set(DecisionStep.Finding.allCases), "\(Set(DecisionStep.Finding.allCases).subtracting(told))")
    }

    @Test("names the routes that a mistyped path is near to")
    func near() throws {
        let route = try step(.route, of: try steps("/enterprisetry.htm?Partner=1"))
        #expect(route.finding == .noRoute)
        #expect(route.rows.first?[.matches] == "/enterprisetry.html" && route.rows.first?[.why] == "other-path")
        let template = try step(.route, of: try steps("/p/1234567/enterprize/trial"))
        #expect(template.rows.first?[.matches] == "/p/{partner}/enterprise/trial")
        #expect(try step(.route, of: try steps("/something/else/altogether")).rows.isEmpty)
        #expect(try step(.route, of: try steps("/" + String(repeating: "a", count: 8_000))).rows.isEmpty)
        let host = try step(.route, of: try steps("http://elsewhere.example/shared"))
        #expect(host.rows.prefix(2).map { $0[.why] } == ["other-host", "other-host"])
    }

    @Test("shows what cleaning made of each candidate, and which one decided")
    func candidates() throws {
        let steps = try steps("/p/%22565380%22/enterprise/trial?partner=+1234567&POR=xxxxx&msppid=0")
        let candidates = try step(.candidates, of: steps)
        #expect(candidates.finding == .idInPath && candidates.facts[.partner] == "565380")
        #expect(candidates.rows.map { $0[.place] } == ["path", "partner", "POR", "msppid"])
        #expect(candidates.rows.map { $0[.sent] } == ["\"565380\"", " 1234567", "xxxxx", "0"])
        #expect(candidates.rows.map { $0[.cleaned] } == ["565380", "1234567", "xxxxx", "0"])
        #expect(candidates.rows.map { $0[.kind] } == ["id", "id", "placeholder", "nothing"])
    }

    @Test("writes what can't be seen as bytes, and cuts what is long")
    func shownTexts() throws {
        let target = "/bare?a=%00%E2%80%AE%3Cb%3E&b=%FFx&c=%C3%A9&d=" + String(repeating: "%C3%A9", count: 600)
        let values = try step(.parameters, of: try steps(target)).rows.map { $0[.value] ?? "" }
        #expect(values.prefix(3) == ["%00%E2%80%AE<b>", "%FFx", "é"])
        #expect(values[3].count == 513 && values[3].hasSuffix("é…"))
    }

    @Test("says what a link's signature is worth, when it ends, and how many keys were tried")
    func signatures() throws {
        let link = "/signed/1234567?exp=1475539200&sig="
        let step = try step(.signature, of: try steps(link + "x"))
        #expect(step.finding == .signatureInvalid)
        #expect(step.facts[.keys] == "2" && step.facts[.expires] == "2016-10-04T00:00:00.000000Z")
        #expect(try self.step(.parameters, of: try steps(link + "x")).rows.map { $0[.use] } == ["signature", "signature"])
        #expect(try self.step(.outcome, of: try steps(link + "x")).facts[.outcome] == "unsigned")
        #expect(try self.step(.signature, of: try steps(link)).finding == .signatureAbsent)
        #expect(try steps("/bare?sig=x").allSatisfy { $0.question != .signature })
    }

    @Test("says why a request is no visit, and why a parameter is left out")
    func reasons() throws {
        #expect(try step(.client, of: try steps("/bare", method: "HEAD")).facts[.why] == "method-head")
        #expect(try step(.client, of: try steps("/bare", ["Purpose": "prefetch"])).facts[.why] == "preview")
        #expect(try step(.client, of: try steps("/bare", ["User-Agent": "curl/8"])).facts[.why] == "tool")
        #expect(try step(.client, of: try steps("/bare", ["Porter-Test": "1"])).facts[.why] == "test-header")
        #expect(try step(.client, of: try steps("/bare")).finding == .visit)
        let parts = try step(.location, of: try steps("/enterprisetry.html?dl=NONSENSE")).rows
        let reasons = Dictionary(uniqueKeysWithValues: parts.map { ($0[.name] ?? "", $0[.why] ?? "") })
        #expect(reasons["OfferId"] == "fixed" && reasons["msppid"] == "left-out-unattributed")
        #expect(reasons["dl"] == "left-out-not-allowed" && reasons["culture"] == "default" && reasons["rid"] == "new-receipt")
    }
}

/// Where steps contradict the decision that they tell.
private struct StepFaults {
    private(set) var found: [String] = []

    init(_ steps: [DecisionStep], _ decision: Decision) {
        func check(_ holds: Bool, _ what: String) { if !holds { found.append(what) } }
        let order = DecisionStep.Question.allCases
        let places = steps.map { order.firstIndex(of: $0.question)! }
        check(zip(places, places.dropFirst()).allSatisfy { $0 < $1 }, "the order of the steps")
        for facts in steps.flatMap({ [$0.facts] + $0.rows }) {
            check(Set(facts.map(\.label)).count == facts.count, "a fact that is told twice: \(facts)")
        }
        func facts(_ question: DecisionStep.Question) -> [Fact] { steps.first { $0.question == question }?.facts ?? [] }
        check(facts(.answer)[.status] == String(decision.answer.status), "the status")
        check(facts(.answer)[.location] == decision.answer.location, "the location")
        guard let draft = decision.draft else { return }
        check(facts(.outcome)[.outcome] == draft.outcome.rawValue, "the outcome")
        let signature = steps.first { $0.question == .signature }?.finding.rawValue
        check(signature == draft.signature.map { "signature-" + $0.rawValue }, "the signature")
        check(facts(.outcome)[.reason] == draft.reason?.rawValue, "the reason")
        check(facts(.route)[.route] == draft.route.name && facts(.route)[.matches] != nil, "the route")
        check(facts(.candidates)[.partner] == draft.partner?.description, "the partner")
        check(facts(.client)[.client] == draft.client.rawValue, "the client")
        check(steps.contains { $0.finding == .visit } == draft.isVisit, "the visit")
        check((facts(.client)[.why] == nil) == draft.isVisit, "why it is no visit")
        let values = steps.first { $0.question == .values }?.rows ?? []
        let culture = draft.culture.map { "\($0.tag) (\($0.lcid))" }
        check(values.first { $0[.what] == "culture" }?[.value] == culture, "the culture")
        check(values.first { $0[.what] == "country" }?[.value] == draft.country?.code, "the country")
        check(values.contains { $0[.what] == "campaign" } == (draft.campaign != nil), "the campaign")
        guard let location = decision.answer.location else { return }
        let parts = (steps.first { $0.question == .location }?.rows ?? []).filter { !($0[.why] ?? "").hasPrefix("left-out") }
        let query = parts.map { "\(Self.encoded($0[.name] ?? ""))=\($0[.value] ?? "")" }.joined(separator: "&")
        let url = (facts(.location)[.url] ?? "") + (parts.isEmpty ? "" : "?" + query) + (facts(.location)[.fragment] ?? "")
        check(url == location, "the parts \(url) of \(location)")
    }

    private static func encoded(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [Fact] {
    fileprivate subscript(label: Fact.Label) -> String? { first { $0.label == label }?.text }
}
