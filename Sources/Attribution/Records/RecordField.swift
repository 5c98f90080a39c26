/// The fields of a record, in the order of the columns of a CSV export. New ones are only ever appended.
package enum RecordField: String, CaseIterable, Sendable {
    case sequence = "seq"
    case receipt, time, node, kind, route, edition, action, origin, campaign, outcome, reason, partner, claimed, client
    case clientOS = "client_os"
    case method, status, culture, country, host, scheme
    case tlsVersion = "tls_version"
    case isRepeat = "repeat"
    case isTest = "test"
    case directoryVersion = "directory_version"
    case routeVersion = "route_version"
    case destinationHost = "destination_host"
    // personal
    case location
    case referrerHost = "referrer_host"
    case visitor
    case partnerRaw = "partner_raw"
    case ip
    case userAgent = "user_agent"
    case dropped
    // adjustments
    case adjusts, replaces
    case adjustedBy = "adjusted_by"
    case note
    // sign-ups again
    case signature
    // associations
    case subscription, change, by, product, channel, program, evidence, signup
    case tenant, actor
    case conflict

    /// The fields that only adjustments have, and partly associations.
    package static let ofAdjustments: [RecordField] = [.adjusts, .replaces, .adjustedBy, .note]

    /// The fields that only associations have: of which subscription, the number of the change in its history, by whom it was made
    /// (`by` a word, `actor` a name), what was bought, over which channel, the program, the evidence, the receipt of the sign-up that
    /// it came of, and the number of the conflict that it is a decision on.
    package static let ofAssociations: [RecordField] = [
        .subscription, .change, .by, .product, .channel, .program, .evidence, .signup, .tenant, .actor, .conflict,
    ]

    /// What an association says, besides what every record has.
    package static let association: [RecordField] = [.partner, .replaces, .note] + ofAssociations

    /// The fields that a sign-up can have: all but those of what is said of it later.
    package static let signups = allCases.filter { !ofAdjustments.contains($0) && !ofAssociations.contains($0) }

    /// What a partner is told of a record: nothing about visitors, nothing that our people wrote down for themselves, and no
    /// other partner's ID.
    package static let statement = allCases.filter {
        !$0.isPersonal && ![.claimed, .replaces].contains($0) && !ofAssociations.contains($0)
    }

    /// Personal fields are not in the leaf and can be erased.
    package var isPersonal: Bool {
        switch self {
        case .location, .referrerHost, .visitor, .partnerRaw, .ip, .userAgent, .dropped, .adjustedBy, .note, .tenant,
            .actor:
            true
        default: false
        }
    }

    /// Place among all fields. An enumeration without values is one byte, the place of its case; a table of texts to look it up
    /// in would take most of the time that a record takes to be read.
    package var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
}
