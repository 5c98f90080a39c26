internal import Attribution

/// Parameter names that already mean something, so that neither a campaign nor `query:NAME` may take their values: the
/// partner parameter is only ever a validated ID, culture and country only ever known ones, a link's signature nobody else's.
struct ReservedNames {
    private let partnerNames: [String]
    private let isSigned: Bool

    init(partner: PartnerRule) {
        partnerNames = partner.parameters
        isSigned = partner.signature != .off
    }

    /// For the names of the partner parameters themselves.
    init(signature: PartnerRule.Signature) {
        partnerNames = []
        isSigned = signature != .off
    }

    /// Why the name is taken; nil when it is free. Names compare without ASCII case.
    func meaning(of name: String) -> String? {
        let bytes = name.lowercasedASCIIBytes
        if partnerNames.contains(where: { $0.lowercasedASCIIBytes == bytes }) {
            return "is one of the names under which the partner is accepted"
        }
        if CultureParameter.allCases.contains(where: { Array($0.rawValue.utf8) == bytes }) {
            return "is one of the names under which the culture is accepted"
        }
        if Array(Country.parameterName.utf8) == bytes {
            return "is the name under which the country is accepted"
        }
        if isSigned, [SignedLink.expiryName, SignedLink.signatureName].contains(where: { Array($0.utf8) == bytes }) {
            return "is one of the names of a link's signature"
        }
        return nil
    }
}
