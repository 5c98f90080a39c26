/// What is wrong with what somebody gave, as a word with what belongs to it. Messages are English, and say it to programs and on
/// the command line; pages say it in their reader's language.
package struct Mistake: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        // a partner's fields
        case noID = "no-id"
        case noName = "no-name"
        case tooLong = "too-long"
        case controlCharacters = "control-characters"
        case noEmail = "no-email"
        case noLanguage = "no-language"
        case noDay = "no-day"
        case tooManyPrograms = "too-many-programs"
        case noSuchWord = "no-such-word"
        case notUTF8 = "not-utf8"
        case fixedID = "fixed-id"
        case noSuchField = "no-such-field"
        // rules between them
        case reasonWithoutSuspension = "reason-without-suspension"
        case ownParent = "own-parent"
        case parentOfGlobal = "parent-of-global"
        case daysTurnedRound = "days-turned-round"
        // a CSV file
        case fileTooLarge = "file-too-large"
        case utf16
        case emptyFile = "empty-file"
        case unknownColumns = "unknown-columns"
        case doubledColumn = "doubled-column"
        case missingColumns = "missing-columns"
        case tooManyPartners = "too-many-partners"
        case fieldCount = "field-count"
        case doubledID = "doubled-id"
        case quoteInside = "quote-inside"
        case textAfterQuote = "text-after-quote"
        case openQuote = "open-quote"
        // what looks like one
        case parentUnknown = "parent-unknown"
        case parentIsLocation = "parent-is-location"
        // the directory is not as was thought
        case partnerThere = "partner-there"
        case partnerGone = "partner-gone"
        case partnerChanged = "partner-changed"
        case partnerUnknown = "partner-unknown"
        case directoryChanged = "directory-changed"
        // keys of signed links
        case keyUnknown = "key-unknown"
        case keysFull = "keys-full"
        // users, tokens, notes
        case userName = "user-name"
        case userThere = "user-there"
        case userChanged = "user-changed"
        case userUnknown = "user-unknown"
        case lastAdmin = "last-admin"
        case passwordShort = "password-short"
        case passwordLong = "password-long"
        case passwordUniform = "password-uniform"
        case passwordRun = "password-run"
        case passwordCommon = "password-common"
        case tokenName = "token-name"
        case tokenDays = "token-days"
        case tokenUnknown = "token-unknown"
        case noteLength = "note-length"
        case noteControl = "note-control"
        case notesFull = "notes-full"
    }

    package let kind: Kind
    /// What was given, and limits: what the sentences have as {1}, {2}.
    package let words: [String]
    /// The field that it is about; nil when there is none, or more than one.
    package var column: PartnerColumn?

    package init(_ kind: Kind, _ words: String..., in column: PartnerColumn? = nil) {
        self.kind = kind
        self.words = words
        self.column = column
    }
}
