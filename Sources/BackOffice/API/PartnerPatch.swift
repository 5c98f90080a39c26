package import Attribution
import Foundation
package import Office

/// New values for some fields of a partner, as JSON: an object of a partner CSV's column names (all but `id`) and texts;
/// null takes a value away, `programs` may be an array. The form of RFC 7396.
package struct PartnerPatch: Codable, Equatable, Sendable {
    package enum Value: Codable, Equatable, Sendable {
        case none
        case text(String)
        case list([String])

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .none
            } else if let list = try? container.decode([String].self) {
                self = .list(list)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .none: try container.encodeNil()
            case .text(let text): try container.encode(text)
            case .list(let list): try container.encode(list)
            }
        }

        var text: String {
            switch self {
            case .none: ""
            case .text(let text): text
            case .list(let list): list.joined(separator: String(PartnerColumn.programSeparator))
            }
        }
    }

    package let fields: [String: Value]

    package init(fields: [PartnerColumn: String]) {
        self.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.key.rawValue, .text($0.value)) })
    }

    package init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: Value].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fields)
    }

    /// The change that the patch asks for.
    ///
    /// - Throws: ``OfficeError`` `invalid-partner` with all that is wrong with the fields by themselves.
    package func change(of id: PartnerID) throws -> PartnerChange {
        var edits: [PartnerEdit] = []
        var faults: [PartnerFault] = []
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            do throws(PartnerFault) {
                guard let column = PartnerColumn(rawValue: name) else {
                    throw PartnerFault(
                        message: "unknown field \(PartnerText.quoted(name))", Mistake(.noSuchField, PartnerText.quoted(name)))
                }
                edits.append(try PartnerEdit(column, text: value.text))
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else {
            throw OfficeError(
                .invalidPartner, "partner \(id): \(faults.map(\.message).joined(separator: "; "))",
                mistakes: faults.map(\.mistake))
        }
        return PartnerChange(id: id, edits: edits)
    }
}
