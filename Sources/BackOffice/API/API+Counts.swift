import Attribution
import Foundation
import Hummingbird
import Ledger
import NIOCore
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET counts?by=&since=&until=&timezone=&FILTER` | lines of counts, and their total |
    /// | `GET counts.csv?…` | the same for a spreadsheet |
    /// | `GET lost?since=&until=` | where attributions were lost, between two UTC days |
    ///
    /// FILTER is a value for any dimension that is no period and no place.
    func addCounts(to group: RouterGroup<BackOfficeContext>) {
        group.get("counts") { request, context in
            _ = try context.require(.marketing)
            return try Response(json: CountsDocument(try await counts(request)))
        }
        group.get("lost") { request, context in
            _ = try context.require(.marketing)
            try request.requireQuery(of: ["since", "until"])
            func day(_ name: String) throws -> CalendarDay? {
                try request.query(name).map { text in
                    guard let day = CalendarDay(text) else {
                        throw Problem.invalidRequest("\(name) is \(PartnerText.quoted(text)), expected a day as YYYY-MM-DD")
                    }
                    return day
                }
            }
            let today = desks.now().day
            return try Response(
                json: try await LostAttribution.find(desks, from: day("since") ?? today, through: day("until") ?? today))
        }
        group.get("counts.csv") { request, context in
            _ = try context.require(.marketing)
            return Self.csv(try await counts(request))
        }
    }

    /// Lines that are written at once.
    private static let portionLines = 2_000

    private static func csv(_ table: CountTable) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: LogFormat.csv.mediaType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"porter-counts.csv\"",
            ],
            body: ResponseBody { writer in
                var csv = CSVText.byteOrderMark
                CSVText.append(table.dimensions.map(\.rawValue) + CountTable.columns + CountTable.adjustmentColumns, to: &csv)
                for (index, line) in table.lines.enumerated() {
                    CSVText.append(line.values, counts: line.tally.allValues, to: &csv)
                    guard (index + 1) % portionLines == 0 else { continue }
                    try await writer.write(ByteBuffer(bytes: csv))
                    csv.removeAll(keepingCapacity: true)
                }
                if !csv.isEmpty { try await writer.write(ByteBuffer(bytes: csv)) }
                try await writer.finish(nil)
            })
    }

    private func counts(_ request: Request) async throws -> CountTable {
        try request.requireQuery(of: ["by", "since", "until", "timezone"] + CountDimension.allCases.map(\.rawValue))
        let filters = CountDimension.allCases.compactMap { dimension in
            request.query(dimension.rawValue).map { (name: dimension.rawValue, value: $0) }
        }
        let query = try CountQuery.read(
            by: request.query("by") ?? "outcome", since: request.query("since"), until: request.query("until"),
            timezone: request.query("timezone") ?? "UTC", filters: filters)
        return try await desks.ledger.read { try $0.counts(query) }
    }
}

/// Counts as JSON.
struct CountsDocument: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Line: Encodable {
        let dimensions: [CountDimension]
        let line: CountTable.Line

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (dimension, value) in zip(dimensions, line.values) {
                try container.encode(value, forKey: Name(dimension.rawValue))
            }
            for (name, value) in zip(CountTable.columns + CountTable.adjustmentColumns, line.tally.allValues) {
                try container.encode(value, forKey: Name(name))
            }
        }
    }

    private let by: [String]
    private let lines: [Line]
    private let total: Line

    init(_ table: CountTable) {
        by = table.dimensions.map(\.rawValue)
        lines = table.lines.map { Line(dimensions: table.dimensions, line: $0) }
        total = Line(dimensions: [], line: CountTable.Line(values: [], tally: table.total))
    }
}

extension CounterTally {
    /// All six, in the order of the columns.
    var allValues: [Int64] { values + [adjusted, net] }
}
