import Attribution
import BackOffice

/// An explanation in a terminal.
extension Explanation {
    /// For people: the verdict first, then what it is made of.
    func text(directory: PartnerDirectory) -> String {
        var lines: [(String, String)] = []
        guard let draft = decision.draft else {
            return "no sign-up: \(Self.sentence(decision.answer))"
        }
        lines.append(("route", "\(draft.route.name), version \(draft.route.version)"))
        lines.append(("outcome", draft.outcome.rawValue + (draft.reason.map { ", reason \($0.rawValue)" } ?? "")))
        lines.append(("partner", partnerSentence(draft, directory: directory)))
        lines.append(("answer", Self.sentence(decision.answer)))
        lines.append(("visit", draft.isVisit ? "yes" : "no: \(Self.whyNoVisit(draft))"))
        for field in Self.shown {
            guard let value = record[field] else { continue }
            lines.append((field.rawValue, Self.plain(value)))
        }
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }.joined(separator: "\n")
    }

    private static let shown: [RecordField] = [
        .origin, .edition, .action, .campaign, .claimed, .client, .clientOS, .culture, .country, .host, .signature, .isTest,
        .partnerRaw, .dropped,
    ]

    private func partnerSentence(_ draft: RecordDraft, directory: PartnerDirectory) -> String {
        guard let partner = draft.partner else { return "none" }
        let place = draft.partnerIsListed ? "in" : "not in"
        return "\(partner), \(place) the directory (version \(directory.version), \(directory.count) partners)"
    }

    private static func whyNoVisit(_ draft: RecordDraft) -> String {
        if draft.method == .head { return "the method is HEAD" }
        return draft.client.isPerson ? "it is a test" : "the client is a \(draft.client.rawValue)"
    }

    private static func plain(_ value: Record.Value) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let list): list.joined(separator: " ")
        }
    }

    private static func sentence(_ answer: Answer) -> String {
        switch answer {
        case .redirect(let status, let location): "\(status) to \(location)"
        case .rejection(let status, let outcome): "\(status), an error page for \(outcome.rawValue)"
        case .own(let path): "\(path.status), the service's own \(path.rawValue)"
        case .refusal(let refusal): "\(refusal.status), \(refusal.sentence)"
        }
    }
}

extension Refusal {
    /// In words.
    fileprivate var sentence: String {
        switch self {
        case .badRequest(let why): why.rawValue
        case .notFound: "no route matches this path on this host"
        case .methodNotAllowed(let allow): "only \(allow) are answered here"
        case .bodyTooLarge: "the body is larger than \(RequestLimits.bodyBytes) bytes"
        case .targetTooLong: "the target is longer than \(RequestLimits.targetBytes) bytes"
        case .headTooLarge: "the head is larger than the limits allow"
        }
    }
}
