package import Attribution

/// Something of a kit that would not work as it should.
package struct KitWarning: Equatable, Sendable {
    /// What it is, as a word: pages say it in their reader's language.
    package enum Kind: String, CaseIterable, Sendable {
        // what becomes of sign-ups can't be said
        case noEndpoint = "no-endpoint"
        case otherHost = "other-host"
        // sign-ups are attributed to nobody
        case notAttributed = "not-attributed"
        case noSignup = "no-signup"
        case unsigned
        // what else is not as it should be
        case plainHTTP = "plain-http"
        case otherAgreement = "other-agreement"
    }

    package let kind: Kind
    /// What the kind's sentences put in.
    package let words: [String]
    /// How sign-ups come out, of the kinds that say it.
    package let failure: SignupFailure?
    /// A sentence of ASCII without its full stop, on one line.
    package let message: String

    private init(_ kind: Kind, _ words: String..., failure: SignupFailure? = nil, message: String) {
        self.kind = kind
        self.words = words
        self.failure = failure
        self.message = message
    }
}

extension KitWarning {
    /// Of the hosts of many routes, a message names the first.
    private static let maximumHosts = 5

    static let noEndpoint = KitWarning(
        .noEndpoint,
        message:
            "no route is one of the module's endpoints under a path without an ID, so what becomes of sign-ups can't be said; "
            + "write `endpoint` into the routes' files")

    static let unsigned = KitWarning(
        .unsigned,
        message: "routes require signed links, and only a kit of the agreement mosra can be signed: ask for sign")

    static let plainHTTP = KitWarning(
        .plainHTTP,
        message: "the gateway's URL is http, so anybody on the way can read and change sign-ups; use https if it can")

    /// - Parameter hosts: those on which the module's endpoints are.
    static func otherHost(than hosts: Set<String>, _ host: String) -> KitWarning {
        let shown = hosts.sorted().prefix(maximumHosts).joined(separator: ", ")
        return KitWarning(
            .otherHost, host, shown,
            message:
                "the routes of the module's endpoints answer on \(shown) and not on \(host), so what becomes of sign-ups can't be "
                + "said; name the gateway by a host of theirs")
    }

    static func notAttributed(_ partner: PartnerID, on day: CalendarDay, _ failure: SignupFailure) -> KitWarning {
        let message = "sign-ups with the Partner ID \(partner) would not be attributed on \(day): \(failure.words)"
        if failure.outcome == nil, let status = failure.status {
            return KitWarning(.noSignup, "\(status)", failure: failure, message: message)
        }
        return KitWarning(.notAttributed, "\(partner)", "\(day)", failure: failure, message: message)
    }

    /// - Parameter known: under which agreement the directory has the partner.
    package static func otherAgreement(_ partner: PartnerID, known: KitAgreement, _ agreement: KitAgreement) -> KitWarning {
        KitWarning(
            .otherAgreement, "\(partner)", known.rawValue.uppercased(), agreement.rawValue.uppercased(),
            message:
                "the directory has partner \(partner) under \(known.rawValue), and this kit is for \(agreement.rawValue); choose "
                + "the agreement that is meant")
    }
}
