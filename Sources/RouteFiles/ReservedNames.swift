internal import Attribution

/// Parameter names that already mean something, so that neither a campaign nor `query:NAME` may take their values: the
/// partner parameter is only ever a validated ID, culture and country only ever known ones.
struct ReservedNames {
    /// nil when the names of the partner parameters themselves are being read.
    let partner: PartnerRule?

    /// Why the name is taken; nil when it is free. Names compare without ASCII case.
    func meaning(of name: String) -> String? {
        let bytes = name.lowercasedASCIIBytes
        if partner?.parameters.contains(where: { $0.lowercasedASCIIBytes == bytes }) == true {
            return "is one of the names under which the partner is accepted"
        }
        if CultureParameter.allCases.contains(where: { Array($0.rawValue.utf8) == bytes }) {
            return "is one of the names under which the culture is accepted"
        }
        if Array(Country.parameterName.utf8) == bytes {
            return "is the name under which the country is accepted"
        }
        return nil
    }
}
