import Foundation
import Office

/// The access log's line of records and partners that a command reads: written before they are shown, by the running server or
/// directly.
enum ReadNote {
    /// Where it can't be written, as in a backup that nobody may change, that is told on standard error, and they are
    /// shown all the same: who can read the files needs no command for it.
    static func write(_ action: AccessEntry.Action, _ what: String, folder: String) async {
        do {
            // Reading makes no file where there was none.
            guard FileManager.default.fileExists(atPath: folder + "/" + Office.fileName) else {
                throw CommandFailure(message: "\(folder) has no \(Office.fileName)", exitCode: CommandFailure.badRequest)
            }
            try await FolderChanges(folder: folder).make(
                throughServer: { try await $0.noteRead(action, what) },
                directly: { office, _ in try office.noteAccess(by: FolderChanges.caller, action, what, at: .now) })
        } catch {
            let reason = (CommandFailure(error)?.message ?? "\(error)").replacing("\n", with: " ")
            PartnerConsole.warn("this read is not in the access log: \(reason)")
        }
    }
}
