package import Attribution
internal import Office

/// Why what is told or asked about a subscription is not done: what, where, what to do. Nothing has changed then.
package enum SubscriptionRefusal: Error, Equatable, CustomStringConvertible {
    /// Fields that can't be read.
    case invalid([SubscriptionFault])
    /// There is no such subscription.
    case unknown(String)
    /// It is not what its editor saw; this is what is there now.
    case changed(Subscription)
    /// The provider told something else under the same event ID.
    case eventDiffers(String)
    /// A subscription does not move to another tenant or become another product.
    case subscriptionDiffers(String)
    /// It can have no partner of record.
    case syndicated(String)
    case unknownPartner(PartnerID)
    case unusablePartner(PartnerID, Outcome, Reason?)
    /// The partner is not enrolled in the program.
    case notEnrolled(PartnerID, Program)
    /// There is nobody to remove.
    case noPartner(Subscription)
    /// A signed order that was answered before, sent again; this is what is there now.
    case replayed(Subscription)
    /// All that is wrong with a CSV file, a line each.
    case file(String, lines: [String])

    /// A word for programs; stable.
    package var code: String {
        switch self {
        case .invalid: "invalid-subscription"
        case .unknown: "unknown-subscription"
        case .changed: "changed-meanwhile"
        case .eventDiffers: "event-differs"
        case .subscriptionDiffers: "subscription-differs"
        case .syndicated: "syndicated"
        case .unknownPartner: "unknown-partner"
        case .unusablePartner: "unusable-partner"
        case .notEnrolled: "not-enrolled"
        case .noPartner: "no-partner"
        case .replayed: "replayed"
        case .file: "import-refused"
        }
    }

    package var description: String {
        switch self {
        case .invalid(let faults):
            faults.map(\.message).joined(separator: "; ")
        case .unknown(let id):
            "there is no subscription \(PartnerText.quoted(id)); the provider tells of it first"
        case .changed(let now):
            "subscription \(now.id) was changed since it was read: its partner of record is "
                + "\(now.association?.partner.description ?? "nobody"), its version \(now.version); look at it again"
        case .eventDiffers(let event):
            "the event \(event) was told before, with another content; give each event an ID of its own"
        case .subscriptionDiffers(let id):
            "subscription \(id) has another tenant or product; a subscription keeps both"
        case .syndicated(let id):
            "subscription \(id) was sold by a syndicator and can have no partner of record; ask the syndicator"
        case .unknownPartner(let partner):
            "partner \(partner) is not in the directory; add it first"
        case .unusablePartner(let partner, let outcome, let reason):
            "partner \(partner) is \(outcome.rawValue)\(reason.map { " (\($0.rawValue))" } ?? "") and can't be partner of record; "
                + "change its status first"
        case .notEnrolled(let partner, let program):
            "partner \(partner) is not enrolled in the program \(program.rawValue); choose another, or enrol it in the directory"
        case .noPartner(let subscription):
            "subscription \(subscription.id) has no partner of record that could be removed"
        case .replayed(let now):
            "this signed call was answered before, and changes nothing when it is sent again: the partner of record of "
                + "subscription \(now.id) is \(now.association?.partner.description ?? "nobody"), its version "
                + "\(now.version); sign a new call"
        case .file(let name, let lines):
            lines.joined(separator: "\n") + "\n\(name) has mistakes, nothing of it was imported; mend them and import it again"
        }
    }
}
