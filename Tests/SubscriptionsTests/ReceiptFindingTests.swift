import Attribution
import Testing

@testable import Subscriptions

@Suite("What a receipt is worth")
struct ReceiptFindingTests {
    private func finding(
        _ claimed: ClaimedSignup, days: Int64 = 2, isUsed: Bool = false, carriesPartner: Bool = true,
        rules: SubscriptionRules = SubscriptionRules()
    ) -> ReceiptFinding {
        let time = Timestamp(microseconds: Moment.signup.microseconds + days * Timestamp.microsecondsPerDay)
        return ReceiptFinding(claimed, at: time, rules, isUsed: isUsed, carriesPartner: carriesPartner)
    }

    private static let attributed = ClaimedSignup.attributed(receipt(1), partner("1234567"))

    @Test("is said in one word of a closed set")
    func words() {
        #expect(finding(.absent) == .none)
        #expect(finding(.unknown) == .unknown)
        #expect(finding(.unattributed(receipt(1))) == .unattributed)
        #expect(finding(Self.attributed) == .usable)
        #expect(finding(Self.attributed, isUsed: true) == .used)
        #expect(finding(Self.attributed, carriesPartner: false) == .syndicated)
        #expect(finding(.unknown, carriesPartner: false) == .unknown)
    }

    @Test("ends 90 days after the sign-up, unless that is set")
    func age() {
        #expect(finding(Self.attributed, days: 90) == .usable)
        #expect(finding(Self.attributed, days: 91) == .tooOld)
        #expect(finding(Self.attributed, days: 91, rules: SubscriptionRules(maximumReceiptDays: 91)) == .usable)
        // Which of two reasons is told does not depend on what others did.
        #expect(finding(Self.attributed, days: 91, isUsed: true) == .tooOld)
    }

    @Test("does not fall because the provider's clock is behind")
    func ahead() {
        #expect(finding(Self.attributed, days: -1) == .usable)
    }
}
