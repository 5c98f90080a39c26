/// Why the office can't do what is asked: what, where, what to do, on one line.
package struct OfficeError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The folder can't be made, or the file in it can't be opened.
        case folder
        /// The file is something else.
        case notAnOffice = "not-an-office-database"
        /// A newer porter wrote the file.
        case newerSchema = "newer-schema"
        /// An older porter wrote the file, and it may not be changed just now.
        case olderSchema = "older-schema"
        /// The disk failed, or the file is damaged.
        case storage
        case unknownPartner = "unknown-partner"
        case invalidPartner = "invalid-partner"
        /// What is to be changed is not what its editor saw.
        case changedMeanwhile = "changed-meanwhile"
        case unknownUser = "unknown-user"
        case invalidUser = "invalid-user"
        /// Nobody would be left who may administer.
        case lastAdmin = "last-admin"
        case unknownToken = "unknown-token"
        case invalidToken = "invalid-token"
        case invalidNote = "invalid-note"
        case unknownKey = "unknown-key"
        /// As many of a partner's keys are in force as may be.
        case tooManyKeys = "too-many-keys"
    }

    package let code: Code
    package let message: String
    /// What the message says, for those who say it otherwise; empty for what only an operator can mend.
    package let mistakes: [Mistake]

    package init(_ code: Code, _ message: String, _ mistakes: Mistake...) {
        self.init(code, message, mistakes: mistakes)
    }

    package init(_ code: Code, _ message: String, mistakes: [Mistake]) {
        self.code = code
        self.message = message
        self.mistakes = mistakes
    }

    package var description: String { message }
}
