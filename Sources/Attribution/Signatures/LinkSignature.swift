/// What the signature of a sign-up link is worth: the record's field `signature`.
package enum LinkSignature: String, CaseIterable, Sendable {
    /// One of the partner's keys made it for this link, and its time is not over.
    case valid
    /// None of the partner's keys made it for this link.
    case invalid
    /// It would be valid, had its time not been over.
    case expired
    /// The link has none.
    case absent
}

extension LinkSignature {
    /// So much longer than it says is a link valid: the clock of who signed it and ours need not agree. As much as Kerberos
    /// recommends (RFC 4120, section 8.2).
    static let toleranceSeconds: Int64 = 300

    /// Judges the signature of a request's link.
    ///
    /// - Parameters:
    ///   - names: the numbers of the names that a signature has.
    ///   - path: of the request's target, as sent.
    ///   - partner: whom the request names; nil when that is nobody, or can't be told.
    ///   - campaign: where in the parameters' bytes.
    ///   - keys: the partner's.
    init(
        _ parameters: borrowing ReceivedParameters,
        names: RouteParameters.SignatureNames,
        path: ArraySlice<UInt8>,
        partner: PartnerID?,
        campaign: Range<Int>?,
        keys: [LinkKey],
        time: Timestamp
    ) {
        guard parameters.all.contains(where: { $0.number == names.signature && !$0.value.isEmpty }) else {
            self = .absent
            return
        }
        guard let partner, let signature = parameters.value(of: names.signature),
            let code = SignedLink.code(parameters.bytes[signature]), let end = parameters.value(of: names.expiry),
            let expiry = SignedLink.expiry(parameters.bytes[end])
        else {
            self = .invalid
            return
        }
        var tag: [UInt8] = []
        if let campaign { tag = Array(parameters.bytes[campaign]) }
        let link = SignedLink(path: SignedLink.path(path), partner: partner, campaign: tag, expiry: expiry)
        let message = link.message
        // Each key is tried, whichever made it: how long that takes says nothing of which it was.
        let isMade = keys.reduce(false) { $1.made(code, of: message) || $0 }
        if !isMade {
            self = .invalid
        } else {
            self = time.seconds > expiry + Self.toleranceSeconds ? .expired : .valid
        }
    }
}
