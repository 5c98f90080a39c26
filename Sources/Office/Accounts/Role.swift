/// What a person or a program may see and do. Each role but the provider's may do all that the ones before it may.
package enum Role: String, CaseIterable, Codable, Comparable, Sendable {
    /// Counts: no record and no personal data.
    case marketing
    /// Counts, records and partners, to read; and notes about records, to write.
    case auditor
    /// All of it, and to change: partners, adjustments, users, tokens.
    case admin
    /// Tells of subscriptions, sets and removes their partners of record, makes customers' links, and may do nothing else: of tokens
    /// only.
    case provider

    /// Those that people can have.
    package static let ofUsers: [Role] = [.marketing, .auditor, .admin]

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .provider: -1
        case .marketing: 0
        case .auditor: 1
        case .admin: 2
        }
    }
}
