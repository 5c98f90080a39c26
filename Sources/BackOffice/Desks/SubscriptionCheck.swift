import Attribution
import Office
import Subscriptions

/// What *Check ID* says of a text in place of the Partner ID, for one subscription: the partner's details, or exactly why it can't be
/// used, and where to turn.
struct SubscriptionCheck: Encodable, Sendable {
    /// The subscription's ID.
    let subscription: String
    /// The subscription's, as in its `ETag`.
    let version: Int
    /// Who is partner of record now; absent for nobody.
    let current: String?
    let partner: PartnerCheck
    let usable: Bool
    /// The programs that the partner would be offered for, of which the first is taken when none is named; none, and it would be partner
    /// of record with nothing that counts.
    let programs: [Program]
    /// Why it can't be used: ``syndicated``, or the partner's outcome; absent when it can.
    let obstacle: String?
    /// Where to turn; absent when it can be used.
    let contact: Contact?
    /// The same for people, in one line.
    let detail: String

    /// Who can do something about it.
    enum Contact: String, Encodable, CaseIterable {
        /// Who sold the subscription.
        case syndicator
        /// The partner, who knows its ID and its agreement.
        case partner
        /// Where the partner confirms its ID itself: the membership centre of the programme, nowadays Partner Center. When it is right
        /// there, whoever keeps this directory.
        case membershipCenter = "membership-center"
        /// Whoever keeps this directory.
        case directory
    }

    static let syndicated = "syndicated"

    init(_ partner: PartnerCheck, for subscription: Subscription) {
        self.subscription = subscription.id
        version = subscription.version
        current = subscription.association?.partner.description
        self.partner = partner
        usable = partner.usable && subscription.channel.carriesPartner
        programs = usable ? partner.programs ?? [] : []
        if !subscription.channel.carriesPartner {
            obstacle = Self.syndicated
            contact = .syndicator
            detail = "the subscription was sold by a syndicator and can have no partner of record; ask the syndicator"
        } else if partner.usable {
            obstacle = nil
            contact = nil
            detail = Self.offer(partner)
        } else {
            let (contact, detail) = Self.remedy(partner)
            obstacle = partner.outcome
            self.contact = contact
            self.detail = detail
        }
    }

    private static func offer(_ partner: PartnerCheck) -> String {
        let who = "\(partner.id ?? partner.text) \(partner.name ?? "")"
        let programs = (partner.programs ?? []).map(\.rawValue).joined(separator: ", ")
        return programs.isEmpty
            ? "\(who) can be partner of record; it is enrolled in no program, so that nothing would count"
            : "\(who) can be partner of record, for \(programs)"
    }

    private static func remedy(_ partner: PartnerCheck) -> (Contact, String) {
        switch (Outcome(rawValue: partner.outcome), partner.reason.flatMap { Reason(rawValue: $0) }) {
        case (.missing, _):
            (.partner, "no ID was given; ask the partner for its Partner ID (MPN ID), a number of 1 to 10 digits")
        case (.guid, _):
            (.partner, "this is a GUID, of a tenant or an offer; ask the partner for its Partner ID (MPN ID) of 1 to 10 digits")
        case (.placeholder, _):
            (.partner, "this is a placeholder that nobody filled in; ask the partner for its Partner ID (MPN ID)")
        case (.malformed, .leadingZero):
            (.partner, "no Partner ID begins with a zero; ask the partner for the ID as its membership shows it")
        case (.malformed, .tooLong):
            (
                .partner,
                "a Partner ID has at most \(PartnerID.maximumDigits) digits; two IDs may have run together: ask the partner"
            )
        case (.malformed, _):
            (.partner, "a Partner ID has digits alone; leave out prefixes, spaces and dashes, or ask the partner")
        case (.unknown, _):
            (
                .membershipCenter,
                "the ID is well-formed and not recognised; the partner confirms it in its membership centre (Partner Center), "
                    + "and if it is right there, also when its agreement is active, asks whoever keeps this directory to add it; "
                    + "if it is not, the partner turns to Microsoft's regional service centre"
            )
        case (.suspended, .noAgreement):
            (.partner, "the partner is suspended, for it has no agreement; it accepts MOSPA or MOSRA, and is then reinstated")
        case (.suspended, .lapsed):
            (
                .directory,
                "the partner is suspended, for its agreement has lapsed; if it is renewed and active, ask whoever keeps this "
                    + "directory"
            )
        case (.suspended, .requested):
            (.partner, "the partner is suspended at its own request; ask it whether that still holds")
        case (.suspended, _):
            (.directory, "the partner is suspended; ask whoever keeps this directory")
        case (.expired, .notYetValid):
            (
                .directory,
                "the partner is not valid before \(partner.validFrom ?? "a later day"); if it should be, ask whoever keeps this "
                    + "directory"
            )
        case (.expired, _):
            (
                .directory,
                "the partner was valid through \(partner.validTo ?? "a day before"); if it was renewed, ask whoever keeps this "
                    + "directory"
            )
        default:
            (.directory, "the partner can't be used; ask whoever keeps this directory")
        }
    }
}

extension Desks {
    /// Judges a text as the order to make it partner of record would be judged at this moment.
    ///
    /// - Parameter toldToProvider: what an admin suspects is then not in it.
    /// - Throws: ``SubscriptionRefusal`` `unknown`.
    func check(_ text: String, for id: String, toldToProvider: Bool) async throws -> SubscriptionCheck {
        guard let subscription = try await office({ try $0.subscription(id) }) else { throw SubscriptionRefusal.unknown(id) }
        let partner = try await check(text)
        return SubscriptionCheck(toldToProvider ? partner.withoutSuspicion : partner, for: subscription)
    }
}
