import ArgumentParser
import Attribution
import Foundation
import Office

/// `porter partner`: the directory of those who can be attributed.
struct PartnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner",
        abstract: "Import, look at and change the partner directory.",
        discussion: """
            A sign-up is attributed to a Partner ID (MPN ID) that the directory has, with status active or test, and valid on \
            that day. Each change makes a new version of the directory, and the history is kept. A running server applies \
            changes at once.
            """,
        subcommands: [
            PartnerImport.self, PartnerList.self, PartnerShow.self, PartnerSet.self, PartnerCheck.self, PartnerKeyCommand.self,
        ]
    )
}

/// What the partner commands print and read alike.
enum PartnerConsole {
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(JSONText.harmless(String(decoding: try encoder.encode(value), as: UTF8.self)))
    }

    static func warn(_ text: String) {
        StandardStream.error.write("warning: \(text)\n")
    }

    /// - Throws: ``CommandFailure`` that says what is wrong with the text.
    static func partnerID(_ text: String) throws -> PartnerID {
        do throws(PartnerFault) {
            return try PartnerText.id(text)
        } catch {
            throw CommandFailure(message: error.message, exitCode: CommandFailure.badRequest)
        }
    }

    static func moment(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw CommandFailure(
                message: "--at is \(PartnerText.quoted(text)), expected a time such as 2016-10-03T08:00:00Z, or a day",
                exitCode: CommandFailure.badRequest)
        }
        return time
    }

    /// `status: active → suspended, status_reason: (none) → lapsed`
    static func text(of fields: [PartnerDifference.Field]) -> String {
        func shown(_ value: String) -> String { value.isEmpty ? "(none)" : value }
        return fields.map { "\($0.field): \(shown($0.old)) → \(shown($0.new))" }.joined(separator: ", ")
    }
}

extension PartnerStanding {
    /// `active`, `suspended (lapsed)`, `active, no longer valid`.
    func summary(at time: Timestamp) -> String {
        let status = self.status.rawValue + (statusReason.map { " (\($0.rawValue))" } ?? "")
        switch outcome(at: time) {
        case (.expired, .notYetValid): return status + ", not yet valid"
        case (.expired, _): return status + ", no longer valid"
        default: return status
        }
    }
}
