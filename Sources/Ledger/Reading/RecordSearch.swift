internal import Attribution
import Foundation
internal import GRDB

/// Finds the records that fit a filter, page by page: by the index where it reaches, else by reading through the ledger.
struct RecordSearch {
    private let newestFirst: Bool
    private let scan: LeafScan
    private let terms: [SearchTerm]
    private let index: SearchIndex?
    /// The last record that the index has.
    private let indexedThrough: Int64

    /// - Parameter index: asked only when the filter has terms that it knows.
    init(_ filter: RecordFilter, newestFirst: Bool, index: () -> SearchIndex?) {
        self.newestFirst = newestFirst
        scan = LeafScan(filter)
        terms = filter.searchTerms
        let index = terms.isEmpty ? nil : index()
        // An index that can't be read is as good as none: nothing is in it that the ledger doesn't have.
        let segments = (try? index?.segments()) ?? 0
        self.index = segments > 0 ? index : nil
        indexedThrough = segments * Int64(SearchSegment.records)
    }

    /// Places of the ledger, some of which may be empty in a damaged one: reading goes from record to record, never from
    /// place to place.
    struct Stretch {
        /// The place before the first.
        var behind: Int64
        /// The last.
        var through: Int64

        var isEmpty: Bool { through <= behind }

        /// Neighbours in one: a segment of the index is then looked into once, not once for each span of it.
        ///
        /// - Parameter stretches: ascending.
        static func joined(_ stretches: [Stretch]) -> [Stretch] {
            var joined: [Stretch] = []
            for stretch in stretches where !stretch.isEmpty {
                if let last = joined.last, last.through == stretch.behind {
                    joined[joined.count - 1].through = stretch.through
                } else {
                    joined.append(stretch)
                }
            }
            return joined
        }
    }

    struct Page {
        /// In the order that was asked for. Some may not fit the filter after all.
        var records: [StoredRecord] = []
        /// nil when the stretch has been read to its end.
        var rest: Stretch?
    }

    /// One short read of a stretch, from its beginning or from its end.
    func page(of stretch: Stretch, read: ((Database) throws -> Page) throws -> Page) throws -> Page {
        let (portion, rest) = firstPortion(of: stretch)
        var page =
            if let places = indexedPlaces(in: portion) {
                places.isEmpty ? Page() : try read { try fetch(places, in: portion, $0) }
            } else {
                try read { try scan(portion, $0) }
            }
        if let rest {
            page.rest =
                page.rest.map { unread in
                    newestFirst
                        ? Stretch(behind: rest.behind, through: unread.through)
                        : Stretch(behind: unread.behind, through: rest.through)
                } ?? rest
        }
        return page
    }

    /// What can be read in one way: a part of one segment, or of what is not indexed.
    private func firstPortion(of stretch: Stretch) -> (portion: Stretch, rest: Stretch?) {
        guard index != nil else { return (stretch, nil) }
        let next = newestFirst ? stretch.through : stretch.behind + 1
        var portion = stretch
        if next > indexedThrough {
            if newestFirst { portion.behind = max(stretch.behind, indexedThrough) }
        } else {
            let segment = SearchSegment.containing(next)
            portion.behind = max(stretch.behind, SearchSegment.first(of: segment) - 1)
            portion.through = min(stretch.through, SearchSegment.last(of: segment))
        }
        let rest =
            newestFirst
            ? Stretch(behind: stretch.behind, through: portion.behind)
            : Stretch(behind: portion.through, through: stretch.through)
        return (portion, rest.isEmpty ? nil : rest)
    }

    /// The places that have all the terms, ascending; nil when the portion has to be read through.
    private func indexedPlaces(in portion: Stretch) -> [Int64]? {
        guard let index, portion.through <= indexedThrough else { return nil }
        let segment = SearchSegment.containing(portion.through)
        guard let places = try? index.places(of: terms, in: segment).places else { return nil }
        let first = SearchSegment.first(of: segment)
        return places.lazy.map { first + Int64($0) }.filter { $0 > portion.behind && $0 <= portion.through }
    }

    private func fetch(_ places: [Int64], in portion: Stretch, _ database: Database) throws -> Page {
        let statement = try database.cachedStatement(sql: "SELECT \(StoredRecord.columns) FROM record WHERE seq = ?")
        var page = Page()
        let wanted = (newestFirst ? places.reversed() : places).prefix(LedgerReader.pageMatches)
        for place in wanted {
            if let row = try Row.fetchOne(statement, arguments: [place]) { page.records.append(try StoredRecord(row)) }
        }
        if wanted.count < places.count { page.rest = rest(of: portion, after: wanted.last!) }
        return page
    }

    private func scan(_ portion: Stretch, _ database: Database) throws -> Page {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(StoredRecord.columns) FROM record WHERE seq > ? AND seq <= ?
                ORDER BY seq \(newestFirst ? "DESC" : "ASC") LIMIT ?
                """,
            arguments: [portion.behind, portion.through, LedgerReader.pageRecords]
        )
        var page = Page()
        var looked = 0
        while let row = try rows.next() {
            looked += 1
            if try row.withUnsafeData(atIndex: 1, { $0?.withUnsafeBytes(scan.mayMatch) ?? true }) {
                page.records.append(try StoredRecord(row))
            }
            if looked == LedgerReader.pageRecords || page.records.count == LedgerReader.pageMatches {
                page.rest = rest(of: portion, after: row[0])
                break
            }
        }
        return page
    }

    private func rest(of portion: Stretch, after sequence: Int64) -> Stretch {
        newestFirst
            ? Stretch(behind: portion.behind, through: sequence - 1)
            : Stretch(behind: sequence, through: portion.through)
    }
}
