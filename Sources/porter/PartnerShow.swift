import ArgumentParser
import Attribution
import BackOffice
import Foundation
import Office

/// `porter partner show ID`
struct PartnerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one partner with its history.",
        discussion: """
            With --at, the partner as the directory had it at that time, and when that was learned: what a sign-up of then was \
            judged by.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Option(help: "A time such as 2016-10-03T08:00:00Z, or a day.")
    var at: String?

    @Flag(help: "Print partner and history as JSON.")
    var json = false

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        let time = try at.map(PartnerConsole.moment)
        let dataPath = try await folder.dataPath()
        let office = try Office.openReadOnly(folder: dataPath)
        let history = try office.history(of: partner)
        let version = if let time { try office.directoryVersion(at: time) } else { try office.currentDirectoryVersion() }
        guard let entry = history.last(where: { $0.version.number <= version?.number ?? 0 }) else {
            let when = time.map { "at \($0)" } ?? "now"
            let later = history.first.map { "; it has been since \($0.version.learnedAt)" } ?? ""
            throw CommandFailure(
                message: "partner \(partner) is not in the directory \(when)\(later)", exitCode: CommandFailure.answerIsNo)
        }
        await ReadNote.write(.partnerRead, partner.description, folder: dataPath)
        let judged = time ?? .now
        if json {
            try PartnerConsole.printJSON(PartnerShown(entry, history: history, at: judged))
        } else {
            show(entry, at: judged)
            showLaterKnowledge(entry, history.last, at: time)
            showHistory(history)
        }
    }

    private func show(_ entry: PartnerHistoryEntry, at time: Timestamp) {
        func line(_ name: String, _ value: String) { print("\(name):" + String(repeating: " ", count: 15 - name.count) + value) }
        for column in PartnerColumn.allCases where !entry.partner[column].isEmpty {
            line(column.rawValue, entry.partner[column])
        }
        let (outcome, reason) = entry.partner.standing.outcome(at: time)
        line("outcome", outcome.rawValue + (reason.map { " (\($0.rawValue))" } ?? "") + " at \(time)")
        line("known since", "\(entry.version.learnedAt), directory version \(entry.version.number), \(entry.version.source)")
    }

    /// A sign-up of `time` was judged by what was known then; what is known today may judge that time otherwise.
    private func showLaterKnowledge(_ entry: PartnerHistoryEntry, _ newest: PartnerHistoryEntry?, at time: Timestamp?) {
        guard let time, let newest, newest.version.number != entry.version.number else { return }
        print("known today:    \(newest.partner.standing.summary(at: time)), learned \(newest.version.learnedAt)")
    }

    private func showHistory(_ history: [PartnerHistoryEntry]) {
        print("history:")
        var previous: Partner?
        for entry in history {
            let fields = PartnerDifference(old: previous, new: entry.partner).fields
            let what = previous == nil ? "added, \(entry.partner.standing.status.rawValue)" : PartnerConsole.text(of: fields)
            print("  \(entry.version.learnedAt)  version \(entry.version.number)  \(what)  (\(entry.version.source))")
            previous = entry.partner
        }
    }
}

/// `porter partner show --json`
private struct PartnerShown: Encodable {
    let partner: Partner
    let at: String
    let outcome: String
    let reason: String?
    let directoryVersion: Int
    let learnedAt: String
    let history: [PartnerStateDocument]

    enum CodingKeys: String, CodingKey {
        case partner, at, outcome, reason, history
        case directoryVersion = "directory_version"
        case learnedAt = "learned_at"
    }

    init(_ entry: PartnerHistoryEntry, history: [PartnerHistoryEntry], at time: Timestamp) {
        partner = entry.partner
        at = time.description
        let judged = entry.partner.standing.outcome(at: time)
        outcome = judged.outcome.rawValue
        reason = judged.reason?.rawValue
        directoryVersion = entry.version.number
        learnedAt = entry.version.learnedAt.description
        self.history = history.map(PartnerStateDocument.init)
    }
}
