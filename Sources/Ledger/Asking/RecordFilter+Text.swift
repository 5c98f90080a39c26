internal import Attribution

extension RecordFilter {
    /// The parts of a filter, as commands and the API name them.
    package enum Part: String, CaseIterable, Sendable {
        case since, until, partner, claimed, kind, outcome, reason, route, origin, campaign, client, signature, receipt
    }

    /// Reads a filter from texts.
    ///
    /// - Parameter text: what was given for a part; nil for nothing.
    package init(_ text: (Part) -> String?) throws(QuestionFault) {
        self.init()
        since = try Self.moment(.since, text(.since))
        // A day is wanted as a whole: its end is what a person means.
        if let day = text(.until).flatMap({ CalendarDay($0) }) {
            until = day.next.start
        } else {
            until = try Self.moment(.until, text(.until))
        }
        if let since, let until, until <= since {
            throw QuestionFault("until", "lies before the time given as since; turn them round")
        }
        partner = try Self.partnerID(.partner, text(.partner))
        claimed = try Self.partnerID(.claimed, text(.claimed))
        kind = try Self.member(.kind, text(.kind))
        outcome = try Self.member(.outcome, text(.outcome))
        reason = try Self.member(.reason, text(.reason))
        route = text(.route)
        origin = text(.origin)
        campaign = text(.campaign)
        client = try Self.member(.client, text(.client))
        signature = try Self.member(.signature, text(.signature))
        receipt = try text(.receipt).map(Self.receipt)
    }

    /// A filter as the access log has it: what was asked for, part by part.
    ///
    /// - Parameter text: as for ``init(_:)``.
    package static func summary(_ text: (Part) -> String?) -> String {
        let parts = Part.allCases.compactMap { part in
            // A long one must not push the others out of the line.
            text(part).map { "\(part.rawValue)=\(String(String.UnicodeScalarView($0.unicodeScalars.prefix(mostScalarsOfPart))))" }
        }
        return parts.isEmpty ? "all" : parts.joined(separator: "&")
    }

    private static let mostScalarsOfPart = 64

    private static func receipt(_ text: String) throws(QuestionFault) -> Receipt {
        guard let receipt = Receipt(text) else {
            throw QuestionFault("receipt", is: text, expected: "26 letters and digits such as 01JDJ5V7ZK8Y3WQ9B2N4M6P8RS")
        }
        return receipt
    }

    private static func moment(_ part: Part, _ text: String?) throws(QuestionFault) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw QuestionFault(
                part.rawValue, is: text, expected: "a day such as 2016-10-03 or a time such as 2016-10-03T08:00:00Z")
        }
        return time
    }

    private static func partnerID(_ part: Part, _ text: String?) throws(QuestionFault) -> PartnerID? {
        guard let text else { return nil }
        guard let id = PartnerID(text) else {
            throw QuestionFault(part.rawValue, is: text, expected: "1 to 10 digits without a leading zero")
        }
        return id
    }

    private static func member<Value: RawRepresentable<String> & CaseIterable>(
        _ part: Part, _ text: String?
    ) throws(QuestionFault) -> Value? {
        guard let text else { return nil }
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw QuestionFault(part.rawValue, is: text, expected: "one of \(known)")
        }
        return value
    }
}
