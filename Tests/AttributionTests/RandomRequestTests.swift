import Attribution
import SeededRandomness
import Testing

/// Requests of all kinds of damage, the same ones at each run.
@Suite struct RandomRequestTests {
    @Test("whatever is sent, the decision keeps its promises", arguments: [1, 2, 3, 4] as [UInt64])
    func decisionsKeepTheirPromises(seed: UInt64) throws {
        let routes = try GoldenCaseTests.routes.get()
        let directory = try GoldenCaseTests.directory.get()
        var requests = RandomRequest(seed: seed)
        var seen: [Outcome: Int] = [:]
        for index in 0..<2_200 {
            let (request, time) = requests.next()
            let decision = decide(request, routes: routes, directory: directory, time: time, receipt: GoldenCaseTests.receipt)
            let rules = DecisionRules(request, routes: routes, directory: directory, time: time, decision: decision)
            guard rules.broken.isEmpty else {
                let sent = String(decoding: request.head.bytes, as: UTF8.self)
                Issue.record("seed \(seed), request \(index): \(rules.broken)\n\(sent.debugDescription)")
                return
            }
            if let draft = decision.draft { seen[draft.outcome, default: 0] += 1 }
        }
        // Requests that no route takes would prove nothing.
        for outcome in Outcome.allCases { #expect(seen[outcome, default: 0] >= 10, "seed \(seed): \(outcome)") }
    }

    @Test("bytes without any sense are decided", arguments: [11, 12] as [UInt64])
    func noise(seed: UInt64) throws {
        let routes = try GoldenCaseTests.routes.get()
        var generator = SplitMix64(seed: seed)
        for index in 0..<2_000 {
            let target = generator.bytes(upTo: 40)
            var head = RequestHead(bytes: target, method: 0..<0, target: 0..<target.count, version: .http11)
            for field in RequestHead.Field.allCases where generator.once(in: 4) {
                head.appendField(name: field.name.bytes, value: generator.bytes(upTo: 40))
            }
            let request = SignupRequest(head: head, body: generator.bytes(upTo: 40), scheme: .https)
            let time = Timestamp(microseconds: Int64.random(in: .min ... .max, using: &generator))
            let decision = decide(request, routes: routes, directory: PartnerDirectory(), time: time, receipt: .zero)
            let rules = DecisionRules(request, routes: routes, directory: PartnerDirectory(), time: time, decision: decision)
            #expect(rules.broken.isEmpty, "seed \(seed), request \(index): \(rules.broken)")
        }
    }
}
