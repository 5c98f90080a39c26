package import Attribution

/// One line of the access log: who read records or changed something, when, and what.
package struct AccessEntry: Equatable, Sendable {
    /// How somebody came in.
    package enum Way: String, CaseIterable, Sendable {
        /// Signed in on the pages.
        case session
        /// A program with a token.
        case token
        /// The command line.
        case command
        /// A customer, by a link to a subscription.
        case link
    }

    package enum Action: String, CaseIterable, Sendable {
        case signIn = "sign-in"
        case signInFailed = "sign-in-failed"
        case signOut = "sign-out"
        case passwordChange = "password-change"
        case logRead = "log-read"
        case recordRead = "record-read"
        case logExport = "log-export"
        case countsExport = "counts-export"
        case statement
        /// Made files that prepare a reference image.
        case kit
        case adjustment
        case note
        case partnerRead = "partner-read"
        case partnerChange = "partner-change"
        case partnerImport = "partner-import"
        case userChange = "user-change"
        case tokenChange = "token-change"
        case reload
        /// The provider told of a subscription, or whether its workload is in use.
        case subscriptionEvent = "subscription-event"
        case subscriptionRead = "subscription-read"
        case subscriptionChange = "subscription-change"
        case subscriptionImport = "subscription-import"
        /// Who called in the provider's place, or for a change that can't be, and was refused.
        case subscriptionRefused = "subscription-refused"
        /// Made a customer's link.
        case subscriptionLink = "subscription-link"
        /// Ended all customers' links.
        case subscriptionLinksEnd = "subscription-links-end"
    }

    package let id: Int64
    package let time: Timestamp
    package let who: String
    package let way: Way
    package let action: Action
    /// What was read or changed: a receipt, a filter, a Partner ID.
    package let what: String
    /// The client's address; empty for the command line.
    package let address: String

    /// A filter's values are bounded, so this is room for all of them.
    package static let maximumWhatScalars = 400
    /// As long as a token's name can be; of who failed to sign in, it is what they typed.
    package static let maximumWhoScalars = 100
}
