package import Attribution

/// A new value for one field of a partner.
package enum PartnerEdit: Equatable, Sendable {
    case name(String)
    case status(PartnerStanding.Status)
    case statusReason(PartnerStanding.StatusReason?)
    case account(Partner.Account)
    case parent(PartnerID?)
    case agreement(Partner.Agreement)
    case email(String?)
    case language(String?)
    case validFrom(CalendarDay?)
    case validTo(CalendarDay?)
    case programs([String])
}

/// What is wrong with one field or row, and what is expected; the place is the caller's to add.
package struct PartnerFault: Error, Equatable, Sendable {
    package let message: String
    package let mistake: Mistake

    package init(message: String, _ mistake: Mistake) {
        self.message = message
        self.mistake = mistake
    }
}

extension PartnerEdit {
    /// Reads a field as the CSV, the API and the command line write it. Empty text is "no value", or the field's default.
    ///
    /// - Parameter column: any but ``PartnerColumn/id``, which names the partner and is never edited.
    package init(_ column: PartnerColumn, text: String) throws(PartnerFault) {
        let text = PartnerText.trimmed(text)
        switch column {
        case .id: throw PartnerFault(message: "id can't be changed, expected another field", Mistake(.fixedID, in: .id))
        case .name: self = .name(try PartnerText.name(text))
        case .status: self = .status(try Self.word(text, of: column))
        case .statusReason: self = .statusReason(text.isEmpty ? nil : try Self.word(text, of: column))
        case .account: self = .account(text.isEmpty ? .location : try Self.word(text, of: column))
        case .parent: self = .parent(text.isEmpty ? nil : try PartnerText.id(text, of: column))
        case .agreement: self = .agreement(text.isEmpty ? .none : try Self.word(text, of: column))
        case .email: self = .email(text.isEmpty ? nil : try PartnerText.email(text))
        case .language: self = .language(text.isEmpty ? nil : try PartnerText.language(text))
        case .validFrom: self = .validFrom(text.isEmpty ? nil : try PartnerText.day(text, of: column))
        case .validTo: self = .validTo(text.isEmpty ? nil : try PartnerText.day(text, of: column))
        case .programs: self = .programs(try PartnerText.programs(text))
        }
    }

    /// One word of a closed set, in any letter case.
    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String, of column: PartnerColumn
    ) throws(PartnerFault) -> Word {
        if let word = Word(rawValue: text.lowercased()) { return word }
        let words = Word.allCases.map(\.rawValue)
        let expected = words.dropLast().joined(separator: ", ") + " or " + words.last!
        let found = text.isEmpty ? "is empty" : "is \(PartnerText.quoted(text))"
        throw PartnerFault(
            message: "\(column.rawValue) \(found), expected \(expected)",
            Mistake(.noSuchWord, PartnerText.quoted(text), words.joined(separator: ", "), in: column))
    }

    func apply(to partner: inout Partner) {
        switch self {
        case .name(let name): partner.name = name
        case .status(let status): partner.standing.status = status
        case .statusReason(let reason): partner.standing.statusReason = reason
        case .account(let account): partner.account = account
        case .parent(let parent): partner.parent = parent
        case .agreement(let agreement): partner.agreement = agreement
        case .email(let email): partner.email = email
        case .language(let language): partner.language = language
        case .validFrom(let day): partner.standing.validFrom = day
        case .validTo(let day): partner.standing.validTo = day
        case .programs(let programs): partner.programs = programs
        }
    }
}
