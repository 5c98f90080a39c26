import Attribution
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET counts?by=&since=&until=&timezone=&FILTER` | lines of counts, and their total |
    /// | `GET counts.csv?…` | the same for a spreadsheet |
    /// | `GET counts.ndjson?…` | the lines alone, a JSON object on each |
    /// | `GET lost?since=&until=` | where attributions were lost, between two UTC days |
    ///
    /// FILTER is a value for any dimension that is no period and no place.
    func addCounts(to group: RouterGroup<BackOfficeContext>) {
        group.get("counts") { request, context in
            _ = try context.require(.marketing)
            return Self.json(try await counts(request))
        }
        group.get("lost") { request, context in
            _ = try context.require(.marketing)
            try request.requireQuery(of: ["since", "until"])
            let today = desks.now().day
            return try Response(
                json: try await LostAttribution.find(
                    desks, from: request.day("since") ?? today, through: request.day("until") ?? today))
        }
        group.get("counts.csv") { request, context in
            Self.csv(try await exportedCounts(request, "csv", try context.require(.marketing)))
        }
        group.get("counts.ndjson") { request, context in
            Self.ndjson(try await exportedCounts(request, "ndjson", try context.require(.marketing)))
        }
    }

    private func exportedCounts(_ request: Request, _ format: String, _ identity: Identity) async throws -> CountTable {
        let table = try await counts(request)
        try await desks.note(identity, .countsExport, format + (request.uri.query.map { " " + $0 } ?? ""))
        return table
    }

    /// Lines that are written at once.
    private static let portionLines = 2_000

    private static let countNames = CountTable.columns + CountTable.adjustmentColumns

    /// `{"by":[…],"lines":[{"outcome":"attributed","requests":3,…},…],"total":{…}}`
    private static func json(_ table: CountTable) -> Response {
        let names = table.dimensions.map(\.rawValue)
        return stream(
            table, [.contentType: "application/json; charset=utf-8"],
            head: Array("{\"by\":[\(names.map { "\"\($0)\"" }.joined(separator: ","))],\"lines\":[".utf8),
            tail: "],\"total\":".utf8 + object([], [], table.total) + "}".utf8
        ) { index, line, json in
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += object(names, line.values, line.tally)
        }
    }

    private static func ndjson(_ table: CountTable) -> Response {
        let names = table.dimensions.map(\.rawValue)
        return stream(
            table,
            [.contentType: LogFormat.ndjson.mediaType, .contentDisposition: "attachment; filename=\"porter-counts.ndjson\""],
            head: [], tail: []
        ) { _, line, json in
            json += object(names, line.values, line.tally)
            json.append(UInt8(ascii: "\n"))
        }
    }

    private static func object(_ names: [String], _ values: [String], _ tally: CounterTally) -> [UInt8] {
        var json: [UInt8] = []
        for (name, value) in zip(names, values) {
            json += (json.isEmpty ? "{\"" : ",\"").utf8
            json += "\(name)\":".utf8
            JSONString.append(value, to: &json)
        }
        for (name, count) in zip(countNames, tally.allValues) { json += "\(json.isEmpty ? "{" : ",")\"\(name)\":\(count)".utf8 }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private static func csv(_ table: CountTable) -> Response {
        var head = CSVText.byteOrderMark
        CSVText.append(table.dimensions.map(\.rawValue) + countNames, to: &head)
        return stream(
            table,
            [.contentType: LogFormat.csv.mediaType, .contentDisposition: "attachment; filename=\"porter-counts.csv\""],
            head: head, tail: []
        ) { _, line, csv in
            CSVText.append(line.values, counts: line.tally.allValues, to: &csv)
        }
    }

    /// Writes lines by portions, each only when the one before has been taken: there can be a quarter of a million.
    private static func stream(
        _ table: CountTable, _ headers: HTTPFields, head: [UInt8], tail: [UInt8],
        _ append: @escaping @Sendable (_ index: Int, _ line: CountTable.Line, _ bytes: inout [UInt8]) -> Void
    ) -> Response {
        var headers = headers
        headers[.cacheControl] = "no-store"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                var bytes = head
                for (index, line) in table.lines.enumerated() {
                    append(index, line, &bytes)
                    guard (index + 1) % portionLines == 0 else { continue }
                    try await writer.write(ByteBuffer(bytes: bytes))
                    bytes.removeAll(keepingCapacity: true)
                }
                bytes += tail
                if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
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

extension CounterTally {
    /// All six, in the order of the columns.
    var allValues: [Int64] { values + [adjusted, net] }
}
