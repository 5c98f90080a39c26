import Foundation
import Ledger

/// What there is in a data folder.
enum FolderFiles {
    /// Whether anything was ever recorded there.
    static func hasLedger(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + LedgerReader.fileName)
    }
}
