import Attribution
import SeededRandomness

/// Drafts as odd as a visitor and a clock can make them, the same for the same seed.
struct RandomDrafts {
    private var generator: SplitMix64
    private var number: UInt64 = 0
    private let routes = [
        Route.enterprise, .named("small-business-buy", edition: .smallBusiness), .named("web", origin: "web", edition: nil),
        .named("quoted \"\\ \u{1}é", edition: nil),
    ]

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// Times lie within days around noon, and step back as often as forth.
    mutating func next(days: Double = 3) -> RecordDraft {
        number += 1
        let time = Timestamp.noon.adding(seconds: Double.random(in: -86_400 * days...86_400 * days, using: &generator))
        let route = routes.randomElement(using: &generator)!
        let network: UInt8? = Bool.random(using: &generator) ? UInt8.random(in: 0..<4, using: &generator) : nil
        return .sample(number, time: time, route: route, network: network) { draft in
            draft.outcome = Outcome.allCases.randomElement(using: &generator)!
            draft.reason = draft.outcome == .malformed ? Reason.allCases.randomElement(using: &generator)! : nil
            draft.partner = PartnerID(UInt64.random(in: 0..<5, using: &generator))
            draft.partnerIsListed = draft.partner != nil && Bool.random(using: &generator)
            draft.client = ClientKind.allCases.randomElement(using: &generator)!
            draft.clientOS = ClientOS.allCases.randomElement(using: &generator)
            draft.method = [.get, .head, .post].randomElement(using: &generator)!
            draft.isTest = UInt8.random(in: 0..<10, using: &generator) == 0
            draft.campaign = ["spring", "other", "", nil, "é\u{202E}"].randomElement(using: &generator)!.flatMap {
                $0.isEmpty ? nil : $0
            }
            draft.signature = number.isMultiple(of: 3) ? LinkSignature.allCases[Int(number / 3 % 4)] : nil
            draft.culture = Bool.random(using: &generator) ? Culture(lcid: 1031) : nil
        }
    }

    mutating func take(_ count: Int) -> [RecordDraft] { (0..<count).map { _ in next() } }
}
