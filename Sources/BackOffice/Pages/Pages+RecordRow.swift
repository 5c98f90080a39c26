import Attribution
import Ledger
import Office

extension Pages {
    /// A record as a line of a table.
    ///
    /// - Parameter format: of times; nil: as the reader has them.
    func row(_ record: Record, in format: PageFormat? = nil, _ reader: PageReader) -> [String: Any] {
        let format = format ?? reader.format
        let time = record.text(.time).flatMap { Timestamp(rfc3339: $0) }
        let outcome = record.text(.outcome) ?? ""
        let other: String? =
            switch record.kind {
            case .adjustment: "adjustment"
            case .association: associationKey(record)
            case .signup, nil: nil
            }
        return [
            "time": time.map { format.time($0) } ?? "", "utc": time.map { format.utc($0) } ?? "",
            "receipt": record.text(.receipt) ?? "", "outcome-key": other ?? outcome,
            "outcome": sentence(other ?? "outcome-" + outcome, reader),
            "reason": record.text(.reason).map { sentence("cause-" + $0, reader) } ?? "", "partner": record.text(.partner) ?? "",
            "sent": record.text(.partner) == nil ? record.text(.partnerRaw) ?? "" : "", "route": record.text(.route) ?? "",
            "origin": record.text(.origin) ?? "", "campaign": record.text(.campaign) ?? "",
            "client": record.text(.client).map { valueName(.client, $0, reader) } ?? "",
            "culture": record.text(.culture) ?? "", "is-repeat": record.number(.isRepeat) == 1,
            "is-test": record.number(.isTest) == 1,
        ]
    }

    /// Who has a subscription from then on: the partner, nobody any more, or nobody as before.
    private func associationKey(_ record: Record) -> String {
        if record.text(.partner) != nil { return "association" }
        return record.text(.replaces) == nil ? "association-none" : "association-ended"
    }

    static func text(_ value: Record.Value?) -> String? {
        switch value {
        case nil: nil
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let list): list.joined(separator: " ")
        }
    }

    /// What a partner's standing comes to, in a few words.
    func standing(_ standing: PartnerStanding?, at time: Timestamp, _ reader: PageReader) -> String {
        guard let standing else { return sentence("outcome-unknown", reader) }
        let (outcome, reason) = standing.outcome(at: time)
        let text = sentence(outcome == .attributed ? "status-" + standing.status.rawValue : "outcome-" + outcome.rawValue, reader)
        return text + (reason.map { " (" + sentence("cause-" + $0.rawValue, reader) + ")" } ?? "")
    }
}
