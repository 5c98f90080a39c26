package import Attribution

/// A record as one line for people: of an operator's terminal, so whatever a visitor could choose is escaped.
///
/// Columns stay in place as long as names are of usual length:
///
///     2026-11-21 15:14:03Z  #12      attributed   1234567     enterprise-trial  essentials  302  fr-FR  01JD7…  test
///
/// After the receipt follow, when they apply, the reason, the sign-up that an adjustment adjusts, an association's subscription, its
/// number there, by whom it was made and the conflict that it is a decision on, a signature that is not valid, what was sent in place
/// of an ID, a client that is no browser, `HEAD`, `repeat` and `test`.
package struct RecordLine: CustomStringConvertible, Sendable {
    package let description: String

    package init(_ record: Attribution.Record) {
        let isAssociation = record.kind == .association
        description = Self.line(
            time: record.text(.time) ?? "",
            sequence: record.number(.sequence).map(String.init),
            outcome: isAssociation
                ? Self.association(record)
                : record.text(.adjusts) == nil ? record.text(.outcome) : Self.adjusted,
            partner: record.text(.partner),
            route: record.text(.route),
            origin: record.text(.origin),
            status: record.number(.status).map(String.init),
            culture: record.text(.culture),
            receipt: record.text(.receipt),
            notes: [
                record.text(.reason),
                record.text(.adjusts).map { "adjusts=" + $0 },
                record.text(.subscription).map { "subscription=" + $0 },
                record.number(.change).map { "change=\($0)" },
                record.text(.by).map { "by=" + $0 },
                record.number(.conflict).map { "conflict=\($0)" },
                record.text(.signature).flatMap(Self.note(signature:)),
                record.text(.partner) == nil ? record.text(.partnerRaw).map { "sent=" + $0 } : nil,
                record.text(.client).flatMap { $0 == ClientKind.browser.rawValue ? nil : $0 },
                record.text(.method) == "HEAD" ? "HEAD" : nil,
                record.number(.isRepeat) == 1 ? "repeat" : nil,
                record.number(.isTest) == 1 ? "test" : nil,
            ]
        )
    }

    private static func note(signature: String) -> String? {
        signature == LinkSignature.valid.rawValue ? nil : "signature=" + signature
    }

    /// In place of the outcome, which an adjustment shares with the sign-ups of its partner.
    private static let adjusted = "adjusted"

    /// Of an association: the partner is the subscription's from now on; nobody is any more; or a decision has left it to nobody.
    private static func association(_ record: Attribution.Record) -> String {
        if record.text(.partner) != nil { return "associated" }
        return record.text(.replaces) == nil ? "without" : "removed"
    }

    /// A draft has no place in the ledger yet: its line lacks it.
    package init(_ draft: RecordDraft) {
        description = Self.line(
            time: draft.time.description,
            sequence: nil,
            outcome: draft.outcome.rawValue,
            partner: draft.partner?.description,
            route: draft.route.name,
            origin: draft.route.origin,
            status: String(draft.status),
            culture: draft.culture?.tag,
            receipt: draft.receipt.description,
            notes: [
                draft.reason?.rawValue,
                draft.signature.flatMap { Self.note(signature: $0.rawValue) },
                draft.partner == nil ? draft.personal.fields.partnerRaw.map { "sent=" + $0 } : nil,
                draft.client == .browser ? nil : draft.client.rawValue,
                draft.method == .head ? "HEAD" : nil,
                draft.isTest ? "test" : nil,
            ]
        )
    }

    private static func line(
        time: String,
        sequence: String?,
        outcome: String?,
        partner: String?,
        route: String?,
        origin: String?,
        status: String?,
        culture: String?,
        receipt: String?,
        notes: [String?]
    ) -> String {
        // To the second: microseconds are in the JSON.
        var columns = [String(time.prefix(19)).replacing("T", with: " ") + "Z"]
        if let sequence { columns.append(padded("#" + sequence, to: 7)) }
        columns += [
            padded(outcome, to: 11), padded(partner, to: 10), padded(route, to: 20), padded(origin, to: 10),
            padded(status, to: 3), padded(culture, to: 5), receipt ?? "-",
        ]
        columns += notes.compactMap { $0.map { TerminalText.escaped($0) } }
        return columns.joined(separator: "  ")
    }

    private static func padded(_ text: String?, to width: Int) -> String {
        let text = TerminalText.escaped(text ?? "-")
        return text + String(repeating: " ", count: max(0, width - text.count))
    }
}
