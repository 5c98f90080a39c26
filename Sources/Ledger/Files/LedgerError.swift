/// What keeps the ledger from doing what was asked. Each description says what is wrong, where, and what to do about it.
package enum LedgerError: Error, Equatable, CustomStringConvertible {
    /// Another process holds the lock of the data folder; its process ID as far as the lock file tells it.
    case folderInUse(folder: String, process: Int32?)
    /// The folder has no ledger yet.
    case noLedger(folder: String)
    /// The file is a database of something else, or none at all.
    case notALedger(file: String)
    /// A later version of the program has changed the file's layout.
    case newerThanProgram(file: String)
    /// The file's layout is of an earlier version, and only a writer may bring it up to date.
    case olderThanProgram(file: String)
    /// The file system or the SQLite library would not keep a commit safe.
    case notDurable(file: String, found: String)
    /// The key that visitors are hashed with cannot be read.
    case visitorKeyUnreadable(file: String)
    /// A record does not say what a record says.
    case damagedRecord(file: String, sequence: Int64)
    /// The operating system or SQLite reports an error.
    case storage(file: String, reason: String)

    package var description: String {
        switch self {
        case .folderInUse(let folder, let process):
            "another porter\(process.map { " (process \($0))" } ?? "") is using the data folder \(folder); "
                + "stop it first, or give this one a folder of its own with --data"
        case .noLedger(let folder):
            "no ledger in the data folder \(folder); start 'porter serve' there once, or name another folder with --data"
        case .notALedger(let file):
            "not a ledger of porter's: \(file); name the right folder with --data, or move the file away"
        case .newerThanProgram(let file):
            "the ledger was written by a newer porter: \(file); use that version, this one does not know its layout"
        case .olderThanProgram(let file):
            "the ledger was written by an older porter: \(file); start 'porter serve' once, it brings the layout up to date"
        case .notDurable(let file, let found):
            "commits would not be safe on disk (\(found)): \(file); put the data folder on a local file system"
        case .visitorKeyUnreadable(let file):
            "the visitor key cannot be understood: \(file); remove the file, a new key is then made "
                + "(visitors of the day count anew)"
        case .damagedRecord(let file, let sequence):
            "record \(sequence) cannot be read: \(file); run 'porter log verify' to see what else is damaged"
        case .storage(let file, let reason):
            "\(reason): \(file); check the disk's space and health, and who owns the file"
        }
    }
}
