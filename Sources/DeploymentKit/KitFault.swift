/// Why a kit can't be made, or a file can't be read: what is wrong, and what to do, on one line.
package struct KitFault: Error, Equatable, CustomStringConvertible, Sendable {
    /// What is wrong with what somebody asked for, as a word: pages say it in their reader's language.
    package enum Kind: String, CaseIterable, Sendable {
        // words and texts that are none of those expected
        case agreement, format, language, gateway, campaign, until
        // what doesn't go together
        case gatewayMissing = "gateway-missing"
        case campaignWithoutURL = "campaign-without-url"
        case signatureWithoutURL = "signature-without-url"
        case untilWithoutSignature = "until-without-signature"
        case untilOver = "until-over"
        case guideUndone = "guide-undone"
        // what the routes don't make of it
        case noRoute = "no-route"
        case campaignNotTaken = "campaign-not-taken"
        case urlTooLong = "url-too-long"
        case comesOutOtherwise = "comes-out-otherwise"
        case commandTooLong = "command-too-long"
        // signatures
        case noKey = "no-key"
        case notSigned = "not-signed"
    }

    /// nil when a file is at fault, not who asks.
    package let kind: Kind?
    /// What was given, and what is expected: what the kind's sentences put in.
    package let words: [String]
    /// Parameters are called by the names that command, API and pages share.
    package let message: String

    /// - Parameter message: what is wrong with a file.
    package init(_ message: String) {
        kind = nil
        words = []
        self.message = message
    }

    package init(_ kind: Kind, _ words: String..., message: String) {
        self.kind = kind
        self.words = words
        self.message = message
    }

    package var description: String { message }
}
