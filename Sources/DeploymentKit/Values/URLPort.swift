import Attribution

extension SignupRequest.Scheme {
    /// The port of URLs that name none (RFC 9110, section 4.2).
    var usualPort: Int {
        switch self {
        case .http: 80
        case .https: 443
        }
    }

    /// The port that a URL of this scheme leads to; nil when what stands behind its host is no number.
    ///
    /// - Parameter authority: host and port, without user information.
    func port(in authority: some Collection<UInt8>) -> Int? {
        let text = String(decoding: authority, as: UTF8.self)
        // The colons of an IPv6 address stand in brackets.
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else { return usualPort }
        let digits = text[text.index(after: colon)...]
        return digits.isEmpty ? usualPort : Int(digits)
    }
}
