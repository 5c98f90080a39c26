internal import Attribution

/// What records can be looked up by without reading the ledger. Numbers are those of the table `posting`.
enum SearchField: Int, CaseIterable {
    case outcome = 1
    case route, origin, campaign, client
    /// A Partner ID that is the record's partner, was claimed, or was the partner before an adjustment.
    case id
    /// The receipt of the record that an adjustment adjusts.
    case adjusts
    case kind, reason
}

extension RecordFilter {
    /// The terms that the index knows, each of which a fitting record has. Some records that have them all may still not fit.
    var searchTerms: [SearchTerm] {
        var terms: [SearchTerm] = []
        func add(_ field: SearchField, _ value: String?) {
            if let value { terms.append(SearchTerm(field: field, value: value)) }
        }
        add(.adjusts, adjusts?.description)
        add(.id, partner?.description)
        add(.id, claimed?.description)
        add(.id, concerns?.description)
        add(.campaign, campaign.map(CampaignDays.canonical))
        add(.reason, reason?.rawValue)
        add(.outcome, outcome?.rawValue)
        add(.client, client?.rawValue)
        add(.route, route)
        add(.origin, origin)
        add(.kind, kind?.rawValue)
        return terms
    }
}

struct SearchTerm: Hashable {
    let field: SearchField
    let value: String
}
