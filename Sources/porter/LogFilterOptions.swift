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

    @Option(help: ArgumentHelp("signup, adjustment or association.", valueName: "kind"))
    var kind: String?

    @Option(
        help: ArgumentHelp(
            "attributed, missing, malformed, placeholder, guid, unknown, suspended, expired, conflict or unsigned.",
            valueName: "outcome"))
    var outcome: String?

    @Option(help: ArgumentHelp("Why the outcome is what it is, such as not-digits or lapsed.", valueName: "reason"))
    var reason: String?

    @Option(help: ArgumentHelp("Records of this route.", valueName: "name"))
    var route: String?

    @Option(help: ArgumentHelp("Records of this origin.", valueName: "name"))
    var origin: String?

    @Option(help: ArgumentHelp("Records of this campaign.", valueName: "name"))
    var campaign: String?

    @Option(help: ArgumentHelp("browser, bot, preview, tool or unknown.", valueName: "kind"))
    var client: String?

    @Option(help: ArgumentHelp("What a link's signature was worth: valid, invalid, expired or absent.", valueName: "worth"))
    var signature: String?

    @Option(help: ArgumentHelp("The record of this receipt.", valueName: "receipt"))
    var receipt: String?

    func filter() throws -> RecordFilter {
        do throws(QuestionFault) {
            return try RecordFilter(given)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The filter as the access log has it.
    var summary: String { RecordFilter.summary(given) }

    private func given(_ part: RecordFilter.Part) -> String? {
        switch part {
        case .since: since
        case .until: until
        case .partner: partner
        case .claimed: claimed
        case .kind: kind
        case .outcome: outcome
        case .reason: reason
        case .route: route
        case .origin: origin
        case .campaign: campaign
        case .client: client
        case .signature: signature
        case .receipt: receipt
        }
    }

    /// The receipt that is a command's argument.
    static func receipt(_ text: String) throws -> Receipt {
        guard let receipt = Receipt(text) else {
            throw CommandFailure(
                message: "the receipt is \"\(TerminalText.escaped(text))\", "
                    + "expected 26 letters and digits such as 01JDJ5V7ZK8Y3WQ9B2N4M6P8RS",
                exitCode: CommandFailure.badRequest)
        }
        return receipt
    }
}

extension CommandFailure {
    init(_ fault: QuestionFault) {
        let name = fault.name.isEmpty ? "" : "--\(fault.name) "
        self.init(message: name + fault.problem, exitCode: Self.badRequest)
    }
}
