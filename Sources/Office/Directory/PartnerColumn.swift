import Attribution

/// The columns of a partner CSV, which are also a partner's field names in the API, in the order of DESIGN's list.
package enum PartnerColumn: String, CaseIterable, Sendable {
    case id, name, status
    case statusReason = "status_reason"
    case account, parent, agreement, email, language
    case validFrom = "valid_from"
    case validTo = "valid_to"
    case programs

    /// Without these a row says nothing.
    package static let required: [PartnerColumn] = [.id, .name, .status]

    /// Separates programs within their field.
    package static let programSeparator: Character = ";"
}

extension Partner {
    /// The field as the CSV writes it; empty for no value.
    package subscript(column: PartnerColumn) -> String {
        switch column {
        case .id: id.description
        case .name: name
        case .status: standing.status.rawValue
        case .statusReason: standing.statusReason?.rawValue ?? ""
        case .account: account.rawValue
        case .parent: parent?.description ?? ""
        case .agreement: agreement.rawValue
        case .email: email ?? ""
        case .language: language ?? ""
        case .validFrom: standing.validFrom?.description ?? ""
        case .validTo: standing.validTo?.description ?? ""
        case .programs: programs.joined(separator: String(PartnerColumn.programSeparator))
        }
    }
}
