/// What became of the attribution of one sign-up request.
package enum Outcome: String, CaseIterable, Sendable {
    /// The request is credited to the record's partner.
    case attributed
    /// No ID was sent.
    case missing
    /// Something was sent that is neither an ID nor one of the known mistakes; the ``Reason`` says how.
    case malformed
    /// `xxxxx` as the documentation prints it, or a template that nobody filled in.
    case placeholder
    /// A tenant or offer GUID in place of a Partner ID.
    case guid
    /// A well-formed ID that is not in the directory.
    case unknown
    /// The partner is suspended; the ``Reason`` is its status reason.
    case suspended
    /// The partner is not valid at the time of the request.
    case expired
    /// Two different well-formed IDs were sent.
    case conflict
    /// The partner could be attributed, and the route requires a signature that the link does not have (``LinkSignature``).
    case unsigned
}

/// Why, within an ``Outcome``.
package enum Reason: String, CaseIterable, Sendable {
    // malformed
    case leadingZero = "leading-zero"
    case tooLong = "too-long"
    case notDigits = "not-digits"
    case notUTF8 = "not-utf8"
    // suspended
    case noAgreement = "no-agreement"
    case lapsed
    case requested
    case fraud
    case other
    // expired
    case notYetValid = "not-yet-valid"
    case noLongerValid = "no-longer-valid"
}
