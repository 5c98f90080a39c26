import Attribution

extension SignupVerdict {
    /// What to do about a sign-up that is not attributed.
    ///
    /// - Parameter directory: in which similar IDs are looked for.
    func advice(among directory: PartnerDirectory) -> String {
        switch outcome {
        case nil:
            return status == 404 ? "no route has this URL: see `porter routes list`" : "this is no sign-up URL"
        case .attributed: return "nothing"
        case .missing: return "there is no ID in it: put the Partner ID (MPN ID) there"
        case .malformed: return "put the Partner ID (MPN ID) there, 1 to \(PartnerID.maximumDigits) digits without a leading zero"
        case .placeholder: return "nobody put an ID in place of what the documentation prints: put the Partner ID (MPN ID) there"
        case .guid: return "that is the GUID of a tenant or an offer: put the Partner ID (MPN ID) there"
        case .conflict: return "two different IDs are sent: leave one"
        case .unknown:
            let near = partner.map { directory.neighbours(of: $0).prefix(3).map(\.description) } ?? []
            let meant = near.isEmpty ? "" : ", perhaps \(near.joined(separator: " or ")) is meant"
            return "the partner is not in the directory\(meant)"
        case .suspended: return "the partner is suspended: `porter partner check \(partner?.description ?? "")` says what to do"
        case .unsigned: return signatureAdvice
        case .expired: return "`porter partner check \(partner?.description ?? "")` says when the partner is valid"
        }
    }

    /// What to do about a link that its route takes for unsigned.
    private var signatureAdvice: String {
        let again = "make the kit anew with --agreement mosra --sign, and set its URLs"
        return switch signature {
        case .expired: "the signature has ended: \(again)"
        case .invalid: "none of the partner's keys in force signed this URL as it stands: set it as the kit has it, or \(again)"
        case .absent, .valid, nil: "the route takes signed links only: \(again)"
        }
    }
}
