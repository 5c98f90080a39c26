import Attribution
import Foundation
import Ledger

/// Prints each sign-up as one line: for a terminal that someone watches, not for service.
enum SignupPrinter {
    @Sendable static func print(_ draft: RecordDraft) {
        FileHandle.standardOutput.write(Data("\(RecordLine(draft))\n".utf8))
    }
}
