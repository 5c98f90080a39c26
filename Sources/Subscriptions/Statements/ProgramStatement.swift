internal import Attribution
internal import Ledger

/// The subscriptions that a partner was partner of record of in one month (UTC), by program: what its sign-ups became, and where somebody
/// entered its ID. A part of its statement. Encoded as the API's JSON.
///
/// It has numbers alone: neither whose subscriptions they are, nor who was partner of record before or instead.
package struct ProgramStatement: Codable, Equatable, Sendable {
    package let partner: String
    /// `YYYY-MM`.
    package let month: String
    /// `sell`, `usage`, `none`, always these.
    package internal(set) var programs: [ProgramFigures]

    init(of partner: PartnerID, in month: CalendarMonth) {
        self.partner = partner.description
        self.month = month.description
        programs = Program.allCases.map { ProgramFigures($0) } + [ProgramFigures(nil)]
    }

    /// Whether there is nothing to tell.
    package var isEmpty: Bool { programs.allSatisfy { $0.counts.allSatisfy { $0 == 0 } } }

    /// As CSV: a header, a line for each program.
    package var csv: [UInt8] {
        var csv: [UInt8] = []
        CSVText.append(["partner", "month"] + ProgramFigures.CodingKeys.allCases.map(\.rawValue), to: &csv)
        for figures in programs {
            CSVText.append([partner, month, figures.program], counts: figures.counts, to: &csv)
        }
        return csv
    }
}
