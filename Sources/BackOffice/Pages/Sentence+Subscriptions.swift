import Attribution
import Office
import Subscriptions

extension Sentence {
    /// nil for what only programs send, and for all that is wrong with a file.
    init?(_ refusal: SubscriptionRefusal) {
        switch refusal {
        case .invalid, .eventDiffers, .subscriptionDiffers, .replayed, .file: return nil
        case .unknown(let id): self.init(key: "refusal-unknown-subscription", words: [PartnerText.quoted(id)])
        case .changed: self.init(key: "refusal-subscription-changed")
        case .syndicated: self.init(key: "syndicated-meaning")
        case .unknownPartner(let partner): self.init(key: "refusal-unknown-partner", words: [partner.description])
        case .unusablePartner(let partner, let outcome, let reason):
            self.init(
                key: "refusal-unusable-partner-of-record", words: [partner.description],
                rest: ["outcome-" + outcome.rawValue] + (reason.map { ["reason-" + $0.rawValue] } ?? []))
        case .notEnrolled(let partner, let program):
            self.init(key: "refusal-not-enrolled-" + program.rawValue, words: [partner.description])
        case .noPartner: self.init(key: "refusal-no-partner")
        }
    }

    init(_ refusal: ConflictRefusal) {
        switch refusal {
        case .unknown(let id): self.init(key: "refusal-unknown-conflict", words: [String(id)])
        case .settled: self.init(key: "refusal-conflict-settled")
        case .changed: self.init(key: "refusal-conflict-changed")
        case .notClaimed(let partner): self.init(key: "refusal-not-claimed", words: [partner.description])
        case .note: self.init(key: "refusal-note", words: [String(SubscriptionText.maximumNoteScalars)])
        }
    }
}
