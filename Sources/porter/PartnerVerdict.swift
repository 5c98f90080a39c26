import Attribution
import Office

/// Whether a text can be attributed as a Partner ID, in words for the one who asks.
struct PartnerVerdict: Encodable {
    let usable: Bool
    /// What a sign-up with it would be recorded as.
    let outcome: String
    let reason: String?
    let message: String
    /// What does not keep it from being attributed and yet deserves a look.
    let warnings: [String]

    private init(_ outcome: Outcome, _ reason: Reason? = nil, message: String, warnings: [String] = []) {
        usable = outcome == .attributed
        self.outcome = outcome.rawValue
        self.reason = reason?.rawValue
        self.message = message
        self.warnings = warnings
    }

    /// - Throws: ``OfficeError``.
    init(_ kind: CandidateKind, text: String, office: Office, at time: Timestamp) throws {
        switch kind {
        case .id(let id):
            try self.init(id, office: office, at: time)
        case .guid:
            self.init(
                .guid,
                message: "this is a GUID, of a tenant or an offer, not a Partner ID; \(Self.whereToFind)")
        case .placeholder:
            self.init(
                .placeholder,
                message: "this is a placeholder of a document or template that nobody filled in; \(Self.whereToFind)")
        case .malformed(let reason):
            self.init(.malformed, reason, message: "\(PartnerText.quoted(text)) \(Self.mistake(reason)); \(Self.whereToFind)")
        case .nothing:
            self.init(.missing, message: "no ID; \(Self.whereToFind)")
        }
    }

    private static let whereToFind =
        "the Partner ID (MPN ID) is a number, mostly of 5 to 8 digits, that the partner finds in Partner Center among its "
        + "account's identifiers: ask for its location ID"

    private static func mistake(_ reason: Reason) -> String {
        switch reason {
        case .leadingZero: "has a leading zero, which no Partner ID has; a spreadsheet or form may have added it"
        case .tooLong: "has more than \(PartnerID.maximumDigits) digits; two IDs may have run together"
        case .notUTF8: "is not text"
        default: "has characters other than digits"
        }
    }

    private init(_ id: PartnerID, office: Office, at time: Timestamp) throws {
        guard let partner = try office.partner(id) else {
            self.init(
                .unknown,
                message: "\(id) is well-formed and not in the directory; look for a wrong digit, or add the partner with "
                    + "`porter partner set \(id) --name … --status active`")
            return
        }
        let (outcome, reason) = partner.standing.outcome(at: time)
        self.init(
            outcome, reason, message: "\(id) \(partner.name) \(try Self.explanation(partner, reason, outcome, office))",
            warnings: outcome == .attributed ? try Self.warnings(partner, office) : [])
    }

    private static func explanation(_ partner: Partner, _ reason: Reason?, _ outcome: Outcome, _ office: Office) throws -> String
    {
        switch outcome {
        case .suspended:
            return "is suspended (\(reason?.rawValue ?? "other")) since \(try suspendedSince(partner.id, office)); "
                + remedy(reason) + ", then `porter partner set \(partner.id) --status active`"
        case .expired where reason == .notYetValid:
            return "is not valid before \(partner[.validFrom]); sign-ups until then are not attributed"
        case .expired:
            return "is not valid any more, its last day was \(partner[.validTo]); if its agreement was renewed, "
                + "`porter partner set \(partner.id) --valid-to …`"
        default:
            return partner.standing.status == .test
                ? "is a test partner: attributed, and its records are marked as tests" : "is active"
        }
    }

    private static func remedy(_ reason: Reason?) -> String {
        switch reason {
        case .noAgreement: "it has to accept the MOSPA or MOSRA agreement"
        case .lapsed: "it has to renew its authorisation"
        case .requested: "it asked for this itself, so ask it"
        case .fraud: "ask those who suspended it"
        default: "find out why"
        }
    }

    /// When we learned of the suspension that still lasts.
    private static func suspendedSince(_ id: PartnerID, _ office: Office) throws -> String {
        try office.history(of: id).standingSince.map { $0.learnedAt.day.description } ?? "an unknown day"
    }

    private static func warnings(_ partner: Partner, _ office: Office) throws -> [String] {
        var warnings: [String] = []
        if partner.account == .global {
            let locations = try office.locations(of: partner.id).prefix(maximumListedLocations).map(\.description)
            let known = locations.isEmpty ? "" : " (known: \(locations.joined(separator: ", ")))"
            warnings.append("this is a global account's ID; incentives are paid to location IDs\(known)")
        }
        if partner.agreement == .none {
            warnings.append("no agreement is on file; without MOSPA or MOSRA the provider may not recognise the ID")
        }
        return warnings
    }

    private static let maximumListedLocations = 10
}
