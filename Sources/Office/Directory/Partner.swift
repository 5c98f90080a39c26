package import Attribution

/// An organisation with a Partner ID, as the directory knows it: its standing and what the office needs besides.
package struct Partner: Equatable, Sendable {
    /// A partner has one global ID and one ID per location; incentives are paid to location IDs.
    package enum Account: String, CaseIterable, Sendable {
        case global
        case location
    }

    /// Under which agreement with Microsoft the partner sells, if under any.
    package enum Agreement: String, CaseIterable, Sendable {
        /// Microsoft Online Services Partner Agreement: an advisor.
        case mospa
        /// Microsoft Online Services Reseller Agreement: a reseller with a portal of its own.
        case mosra
        case none
    }

    package let id: PartnerID
    /// One line, not empty, at most ``maximumNameScalars`` long.
    package var name: String
    /// What decides about attribution.
    package var standing: PartnerStanding
    package var account: Account
    /// The global ID that a location belongs to.
    package var parent: PartnerID?
    package var agreement: Agreement
    package var email: String?
    /// A language tag, for mails to the partner.
    package var language: String?
    /// The incentive programs that the partner is enrolled in, in the order given.
    package var programs: [String]

    package init(
        id: PartnerID,
        name: String,
        standing: PartnerStanding = PartnerStanding(),
        account: Account = .location,
        parent: PartnerID? = nil,
        agreement: Agreement = .none,
        email: String? = nil,
        language: String? = nil,
        programs: [String] = []
    ) {
        self.id = id
        self.name = name
        self.standing = standing
        self.account = account
        self.parent = parent
        self.agreement = agreement
        self.email = email
        self.language = language
        self.programs = programs
    }

    /// Long enough for any registered company, short enough for a table's cell.
    package static let maximumNameScalars = 200
    /// RFC 5321 section 4.5.3.1.3: a path of 256 octets, less its angle brackets.
    package static let maximumEmailBytes = 254
    /// RFC 5646 section 4.4.1 recommends room for 35 characters.
    package static let maximumLanguageBytes = 35
    /// There are two programs today; the bounds only keep a broken file from filling the database.
    package static let maximumPrograms = 16
    package static let maximumProgramScalars = 64
}
