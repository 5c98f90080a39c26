package import Attribution
internal import Office

/// What is wrong with one field of what was told, and what is expected.
package struct SubscriptionFault: Error, Equatable, CustomStringConvertible, Sendable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}

/// Reads the texts of what is told of subscriptions, and says what is wrong with those that can't be.
package enum SubscriptionText {
    /// Providers' IDs are GUIDs or numbers; a path of the API holds them.
    package static let maximumIDBytes = 100
    package static let maximumTextScalars = 100
    package static let maximumSeats = 10_000_000
    package static let maximumNoteScalars = 500
    /// A receipt has 26 characters; of what is none, so much is kept to look at.
    package static let maximumClaimedScalars = 64
    /// The provider's clock may be ahead of ours, but a subscription of next year is a mistake.
    static let maximumAheadSeconds: Int64 = 86_400

    /// An ID of the provider's: visible ASCII without spaces, and not only dots, which paths are made of.
    package static func id(_ text: String, _ name: String) throws(SubscriptionFault) -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && text.utf8.contains { $0 != UInt8(ascii: ".") }
        guard isPlain, text.utf8.count <= maximumIDBytes else {
            throw SubscriptionFault(
                "\(name) is \(PartnerText.quoted(text)), expected 1 to \(maximumIDBytes) ASCII characters without spaces")
        }
        return text
    }

    /// One line of text.
    package static func line(_ text: String, _ name: String) throws(SubscriptionFault) -> String {
        let line = PartnerText.trimmed(text)
        guard !line.isEmpty, line.unicodeScalars.count <= maximumTextScalars, PartnerText.isPlain(line) else {
            throw SubscriptionFault(
                "\(name) is \(PartnerText.quoted(text)), expected 1 to \(maximumTextScalars) characters on one line")
        }
        return line
    }

    /// A word of a closed set.
    package static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ name: String
    ) throws(SubscriptionFault) -> Word {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw SubscriptionFault("\(name) is \(PartnerText.quoted(text)), expected one of \(words)")
        }
        return word
    }

    /// On what somebody says that an association rests; nil: that it was entered here. That there was a receipt, nobody can say.
    package static func evidence(_ text: String?, _ name: String) throws(SubscriptionFault) -> Evidence {
        guard let text else { return .digital }
        let words: [Evidence] = [.digital, .osaForm]
        guard let evidence = words.first(where: { $0.rawValue == text }) else {
            throw SubscriptionFault(
                "\(name) is \(PartnerText.quoted(text)), expected \(words.map(\.rawValue).joined(separator: " or "))")
        }
        return evidence
    }

    package static func seats(_ number: Int?) throws(SubscriptionFault) -> Int {
        guard let number, (0...maximumSeats).contains(number) else {
            throw SubscriptionFault(
                "seats is \(number.map(String.init) ?? "no number"), expected a number from 0 to \(maximumSeats)")
        }
        return number
    }

    /// A moment that the provider names.
    ///
    /// - Parameter now: when it was told.
    package static func time(_ text: String, now: Timestamp) throws(SubscriptionFault) -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw SubscriptionFault("time is \(PartnerText.quoted(text)), expected a time such as 2016-10-03T08:00:00Z")
        }
        guard time.seconds - now.seconds <= maximumAheadSeconds else {
            throw SubscriptionFault("time is \(time), which lies ahead; expected when it happened")
        }
        return time
    }

    /// Why somebody changes something; nil for nothing.
    package static func note(_ text: String?) throws(SubscriptionFault) -> String? {
        let note = (text ?? "").split { $0.isWhitespace }.joined(separator: " ")
        guard note.unicodeScalars.count <= maximumNoteScalars, PartnerText.isPlain(note) else {
            throw SubscriptionFault(
                "note is too long or has control characters, expected at most \(maximumNoteScalars) characters on one line")
        }
        return note.isEmpty ? nil : note
    }

    /// What stood in place of a receipt, as it is kept: never an error. nil for nothing.
    package static func claimed(_ text: String?) -> String? {
        let trimmed = PartnerText.trimmed(text ?? "")
        if trimmed.isEmpty { return nil }
        let kept = trimmed.unicodeScalars.prefix(maximumClaimedScalars).map { PartnerText.isControl($0) ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(kept))
    }
}
