import Attribution

/// What a change of the directory did, or with a dry run would do. Encoded as the API's JSON.
package struct DirectoryReport: Codable, Equatable, Sendable {
    /// Where the change came from: a file's name, or a command.
    package var source: String
    package var dryRun: Bool
    /// The directory's version that the change was worked out from; 0 for an empty directory.
    package var basedOn = 0
    /// The version that the change made; nil when nothing changed, and for a dry run.
    package var directoryVersion: Int?
    package var added = 0
    package var changed = 0
    package var unchanged = 0
    /// Partners that are in the directory and that the change does not name; they stay as they are.
    package var notNamed = 0
    /// Added and changed partners, in the order of the file: the first ``maximumListed``, or those that were asked for.
    package var differences: [PartnerDifference] = []
    /// How many added and changed partners there are behind ``differences``.
    package var furtherDifferences = 0
    /// What is allowed and yet looks like a mistake: the first ``maximumListed``.
    package var warnings: [String] = []
    /// The same, for those who say it otherwise; not in the JSON.
    package var warned: [Mistake] = []
    /// How many warnings there are beyond ``warnings``.
    package var furtherWarnings = 0

    /// A preview that fits a few screens.
    package static let maximumListed = 50

    package var changesNothing: Bool { added + changed == 0 }

    package init(source: String, dryRun: Bool) {
        self.source = source
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case source
        case dryRun = "dry_run"
        case basedOn = "based_on"
        case directoryVersion = "directory_version"
        case added, changed, unchanged
        case notNamed = "not_named"
        case differences, warnings
        case furtherDifferences = "further_differences"
        case furtherWarnings = "further_warnings"
    }

    mutating func warn(_ text: String, _ mistake: Mistake) {
        guard warnings.count < Self.maximumListed else {
            furtherWarnings += 1
            return
        }
        warnings.append(text)
        warned.append(mistake)
    }
}

/// One partner before and after a change.
package struct PartnerDifference: Codable, Equatable, Sendable {
    package struct Field: Codable, Equatable, Sendable {
        /// A column of the partner CSV.
        package let field: String
        /// Empty for no value, and for a partner that was not there.
        package let old: String
        package let new: String
    }

    package let id: String
    package let name: String
    package let isNew: Bool
    package let fields: [Field]

    private enum CodingKeys: String, CodingKey {
        case id, name
        case isNew = "new"
        case fields
    }

    package init(old: Partner?, new: Partner) {
        id = new.id.description
        name = new.name
        isNew = old == nil
        fields = PartnerColumn.allCases.compactMap { column in
            let (before, after) = (old?[column] ?? "", new[column])
            return before == after || column == .id ? nil : Field(field: column.rawValue, old: before, new: after)
        }
    }
}
