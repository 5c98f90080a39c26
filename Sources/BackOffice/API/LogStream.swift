import Attribution
import Hummingbird
import Ledger
import NIOCore

/// How a log is written for programs.
enum LogFormat: String, CaseIterable, Sendable {
    case csv, ndjson

    var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .ndjson: "application/x-ndjson; charset=utf-8"
        }
    }
}

/// Records as a stream, oldest first: read by portions, each only when the one before has been taken.
struct LogStream: Sendable {
    private let ledger: LedgerDesk
    private let filter: RecordFilter
    private let format: LogFormat
    /// Whose records these are told to; nil: who may read all.
    private let statement: PartnerStatement?

    init(ledger: LedgerDesk, filter: RecordFilter, format: LogFormat) {
        (self.ledger, self.filter, self.format, statement) = (ledger, filter, format, nil)
    }

    init(ledger: LedgerDesk, statement: PartnerStatement, format: LogFormat) {
        (self.ledger, filter, self.format, self.statement) = (ledger, statement.filter, format, statement)
    }

    /// Records of a portion; with all their fields some hundred kilobytes.
    private static let portionRecords = 500
    /// So many take a part of a millisecond.
    private static let recordsAtOnce = 16

    private struct Portion: Sendable {
        let bytes: [UInt8]
        /// What the next one comes behind; nil at the end.
        let next: Int64?
    }

    /// What is there when the export begins; what comes later is left for the next one.
    func response(fileName: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(fileName).\(format.rawValue)\"",
            ],
            body: ResponseBody { writer in
                let (last, csv) = try await ledger.read {
                    (
                        try $0.lastSequence(),
                        statement == nil
                            ? RecordCSV(
                                hasAdjustments: try $0.hasAdjustments(), hasAssociations: try $0.hasAssociations())
                            : RecordCSV(RecordField.statement)
                    )
                }
                var after: Int64? = 0
                var bytes: [UInt8] = []
                if format == .csv {
                    bytes += CSVText.byteOrderMark
                    csv.appendHeader(to: &bytes)
                }
                while let start = after {
                    let portion = try await ledger.read { try next($0, csv, after: start, last: last) }
                    bytes += portion.bytes
                    after = portion.next
                    if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                    bytes.removeAll()
                }
                try await writer.finish(nil)
            })
    }

    private func next(
        _ reader: LedgerReader, _ csv: RecordCSV, after: Int64, last: Int64
    ) throws -> Portion {
        var bytes: [UInt8] = []
        var count = 0
        var next: Int64?
        try reader.forEachStored(matching: filter, after: after, before: last + 1) { stored in
            guard append(stored, csv, to: &bytes) else {
                throw LedgerError.damagedRecord(file: reader.path, sequence: stored.sequence)
            }
            count += 1
            if count % Self.recordsAtOnce == 0 { ThreadPriority.letOthersGoFirst() }
            if count == Self.portionRecords { next = stored.sequence }
            return next == nil
        }
        return Portion(bytes: bytes, next: next)
    }

    /// - Returns: false when the record is damaged.
    private func append(_ stored: StoredRecord, _ csv: RecordCSV, to bytes: inout [UInt8]) -> Bool {
        if statement == nil, format == .csv { return csv.append(stored, to: &bytes) }
        guard let record = stored.record else { return false }
        let told = statement?.told(record) ?? record
        switch format {
        case .csv: csv.append(told, to: &bytes)
        case .ndjson:
            RecordJSON.append(told, statement == nil ? RecordField.allCases : RecordField.statement, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return true
    }
}
