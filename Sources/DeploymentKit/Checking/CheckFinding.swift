/// Something that is not as it should be in the registry of a server.
package struct CheckFinding: Equatable, Sendable {
    package enum Severity: String, Sendable {
        /// It keeps sign-ups from being attributed, or sends them where they should not go.
        case mistake
        /// It does no harm by itself, and may tell of one.
        case warning
    }

    /// What is wrong, for programs.
    package enum Code: String, Sendable {
        // Where the values stand.
        case noValues = "no-values"
        case wow6432Node = "wow6432node"
        case wrongKey = "wrong-key"
        case loadedHive = "loaded-hive"
        case keyForValue = "key-for-value"
        case deleted
        // What they are called.
        case translatedName = "translated-name"
        case wrongName = "wrong-name"
        // What they hold.
        case wrongType = "wrong-type"
        case space
        case noURL = "no-url"
        case incomplete
        // What becomes of sign-ups.
        case otherHost = "other-host"
        case otherPort = "other-port"
        case otherScheme = "other-scheme"
        case hostNotKnown = "host-not-known"
        case otherEndpoint = "other-endpoint"
        case otherPartner = "other-partner"
        case noPartnerInURL = "no-partner-in-url"
        case notAttributed = "not-attributed"
        case signatureInvalid = "signature-invalid"
        case signatureExpired = "signature-expired"
        case noEndpointRoute = "no-endpoint-route"
        // What could not be read.
        case cutOff = "cut-off"
        case unreadable
    }

    package let severity: Severity
    package let code: Code
    /// As the export writes it; empty for the file as a whole.
    package let key: String
    /// The value's name; nil for a key, and for the file as a whole.
    package let value: String?
    /// What is wrong, and what to do.
    package let message: String
}

extension CheckFinding {
    /// For people, on one line; nil for the file as a whole.
    package var place: String? {
        guard !key.isEmpty else { return nil }
        return key.quoted + (value.map { $0.isEmpty ? ", its default value" : ", value \($0.quoted)" } ?? "")
    }
}
