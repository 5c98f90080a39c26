/// The sentences of the customer's page, by the keys of its text files.
enum CustomerSentence: String, CaseIterable, Sendable {
    // What a page is.
    case titleAdd = "title-add"
    case titleEdit = "title-edit"
    case titleNone = "title-none"
    case titleRefused = "title-refused"
    case titleLater = "title-later"
    // Names of what is shown beside them.
    case subscription, product, portal, current, nobody, name, field, program
    // What to do, and what for.
    case hint
    case hintRemove = "hint-remove"
    case hintProgram = "hint-program"
    case scope, check, found, submit
    case programNone = "program-none"
    // What was done.
    case saved, removed
    /// Why there is nothing to edit, and where to turn.
    case syndicated
    case syndicatedTurn = "syndicated-turn"
    // Why an ID can't be used.
    case missing
    case leadingZero = "leading-zero"
    case tooLong = "too-long"
    case notDigits = "not-digits"
    case placeholder, guid, unknown
    case noAgreement = "no-agreement"
    case lapsed, requested, suspended
    case notYetValid = "not-yet-valid"
    case noLongerValid = "no-longer-valid"
    // Where to turn with it.
    case turnID = "turn-id"
    case turnPartner = "turn-partner"
    case turnProvider = "turn-provider"
    // Why nothing was saved.
    case changed
    case notEnrolled = "not-enrolled"
    case unreadable
    // Why there is no page, and where to turn.
    case linkWrong = "link-wrong"
    case linkExpired = "link-expired"
    case linkTurn = "link-turn"
    case tooOften = "too-often"
    case unavailable
}

/// What stands in a sentence as `{…}`: never translated.
enum CustomerPlace: String, CaseIterable, Sendable {
    /// The texts of two buttons, as the same file has them.
    case check, submit
    /// A Partner ID.
    case id
    /// A partner's name and ID.
    case partner
    /// `YYYY-MM-DD`.
    case day
}

extension CustomerSentence {
    /// What a translation has to have, each as often as it likes.
    var places: Set<CustomerPlace> {
        switch self {
        case .hintRemove: [.check]
        case .found: [.submit]
        case .unknown: [.id]
        case .noAgreement, .lapsed, .requested, .suspended: [.partner]
        case .notYetValid, .noLongerValid: [.partner, .day]
        case .linkExpired: [.day]
        default: []
        }
    }
}
