import ArgumentParser
import Attribution
import Ledger

/// Which records are wanted; what several options say must all hold.
struct LogFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Records from this time or day (UTC) on.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Records before this time, or to the end of this day (UTC).", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Records of this partner.", valueName: "id"))
    var partner: String?

    @Option(help: ArgumentHelp("Records with this ID among those sent, whichever decided.", valueName: "id"))
    var claimed: String?

    @Option(
        help: ArgumentHelp(
            "attributed, missing, malformed, placeholder, guid, unknown, suspended, expired or conflict.", valueName: "outcome"))
    var outcome: String?

    @Option(help: ArgumentHelp("Records of this route.", valueName: "name"))
    var route: String?

    @Option(help: ArgumentHelp("Records of this origin.", valueName: "name"))
    var origin: String?

    @Option(help: ArgumentHelp("Records of this campaign.", valueName: "name"))
    var campaign: String?

    @Option(help: ArgumentHelp("browser, bot, preview, tool or unknown.", valueName: "kind"))
    var client: String?

    @Option(help: ArgumentHelp("The record of this receipt.", valueName: "receipt"))
    var receipt: String?

    func filter() throws -> RecordFilter {
        var filter = RecordFilter()
        filter.since = try LogTime.since(since)
        filter.until = try LogTime.until(until)
        if let first = filter.since, let end = filter.until, end <= first {
            throw CommandFailure(message: "--until lies before --since; turn them round", exitCode: CommandFailure.badRequest)
        }
        filter.partner = try partner.map { try Self.partnerID($0, option: "--partner") }
        filter.claimed = try claimed.map { try Self.partnerID($0, option: "--claimed") }
        filter.outcome = try outcome.map { try Self.member($0, option: "--outcome") }
        filter.route = route
        filter.origin = origin
        filter.campaign = campaign
        filter.client = try client.map { try Self.member($0, option: "--client") }
        filter.receipt = try receipt.map(Self.receipt)
        return filter
    }

    static func receipt(_ text: String) throws -> Receipt {
        guard let receipt = Receipt(text) else {
            throw unexpected(text, as: "the receipt", expected: "26 letters and digits such as 01JDJ5V7ZK8Y3WQ9B2N4M6P8RS")
        }
        return receipt
    }

    private static func partnerID(_ text: String, option: String) throws -> PartnerID {
        guard let id = PartnerID(text) else {
            throw unexpected(text, as: option, expected: "1 to 10 digits without a leading zero")
        }
        return id
    }

    private static func member<Value: RawRepresentable<String> & CaseIterable>(_ text: String, option: String) throws -> Value {
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw unexpected(text, as: option, expected: "one of \(known)")
        }
        return value
    }

    private static func unexpected(_ text: String, as name: String, expected: String) -> CommandFailure {
        CommandFailure(
            message: "\(name) is \"\(TerminalText.escaped(text))\", expected \(expected)",
            exitCode: CommandFailure.badRequest)
    }
}
