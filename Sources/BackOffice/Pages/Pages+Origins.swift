import Attribution
import Foundation
import Hummingbird
import Ledger
import Office

extension Pages {
    func origins(_ request: Request, _ reader: PageReader) async throws -> Response {
        let question = OriginsQuestion(request, reader, now: desks.now())
        var faults = question.faults
        var table: CountTable?
        if faults.isEmpty {
            do {
                let query = try question.query()
                table = try await desks.ledger.read { try $0.counts(query) }
            } catch let error as CountQueryError {
                faults.append(error.key)
            }
        }
        var values = formValues(question, reader)
        values["faults"] = faults.map { sentence($0, reader) }
        if let table {
            values["is-empty"] = table.lines.isEmpty
            values["has-lines"] = !table.lines.isEmpty
            try await addChart(table, question, to: &values, reader)
            addTable(table, question, to: &values, reader)
            values["csv"] = question.csv
            values["csv-address"] = Self.address(request, isSecure: reader.isSecure, path: question.csv)
        }
        return try renderer.page("origins", title: "origins", values, for: reader, status: faults.isEmpty ? .ok : .badRequest)
    }

    private func formValues(_ question: OriginsQuestion, _ reader: PageReader) -> [String: Any] {
        func dimensions(_ chosen: CountDimension?) -> [[String: Any]] {
            OriginsQuestion.dimensions.map { dimension in
                [
                    "value": dimension.rawValue, "text": sentence("dimension-" + dimension.rawValue, reader),
                    "is-chosen": dimension == chosen,
                ]
            }
        }
        return [
            "first-options": dimensions(question.first), "second-options": dimensions(question.second),
            "measures": options(chosen: question.measure) { sentence($0.rawValue, reader) },
            "choices": CountRange.choices.map { days in
                [
                    "link": question.link(days: days), "text": sentence("days-\(days)", reader),
                    "is-chosen": question.range.choice == days,
                ] as [String: Any]
            },
            "since": question.range.first.description, "until": question.range.last.description,
            "timezone": question.zoneName, "zone-options": Self.zoneOptions,
        ]
    }

    private func addChart(
        _ table: CountTable, _ question: OriginsQuestion, to values: inout [String: Any], _ reader: PageReader
    ) async throws {
        let periods = question.period.map { question.range.labels(of: $0, zone: question.zone) }
        // A period that has too many bars: the table says it all.
        if let periods, periods == nil {
            values["too-many-bars"] = true
            return
        }
        let chart = CountChart(table, measure: question.measure, periods: periods ?? nil)
        let axis = question.period ?? question.first
        let parts = question.dimensions.first { $0 != axis }
        let partners = parts == .partner ? chart.series : axis == .partner ? chart.bars : []
        let names = try await partnerNames(partners.compactMap { $0 })
        func name(_ value: String?, _ dimension: CountDimension) -> String {
            guard let value else { return sentence("rest", reader) }
            if dimension == .partner, let name = names[value] { return "\(value) · \(name)" }
            return valueName(dimension, value, reader)
        }
        let series = zip(0..., chart.series).map { number, value in
            (
                key: value == nil && parts != nil ? "rest" : "c\(number)",
                name: parts.map { name(value, $0) } ?? ""
            )
        }
        let title = chartTitle(question, reader)
        values["chart-title"] = title
        values["is-over-time"] = axis.isPeriod
        values["chart"] =
            BarChart(
                series: series,
                bars: zip(chart.bars, chart.values).map { bar, values in
                    let label = name(bar, axis)
                    // An ID is enough below a bar; who hovers sees the name.
                    let isID = axis == .partner && bar?.isEmpty == false
                    return BarChart.Bar(
                        label: label, values: values, shortLabel: axis.isPeriod ? nil : isID ? bar : label)
                },
                title: title, format: reader.format, isNumbered: parts != nil
            ).svg
        guard parts != nil else { return }
        values["has-legend"] = true
        values["legend"] = zip(1..., series).map { ["key": $1.key, "mark": "\($0)", "name": $1.name] }
    }

    /// `Visits by day and origin`
    private func chartTitle(_ question: OriginsQuestion, _ reader: PageReader) -> String {
        let names = question.dimensions.map { sentence("dimension-" + $0.rawValue, reader) }
        return sentence(question.measure.rawValue, reader) + " · " + names.joined(separator: " × ")
    }

    /// Lines of the table: nobody reads more, and the CSV has all.
    private static let mostLines = 200

    /// What the field for a time zone proposes: made once, as it is long and always the same.
    private static let zoneOptions = TimeZone.knownTimeZoneIdentifiers.map { "<option>\(HTMLText.escaped($0))</option>" }.joined()

    private func addTable(
        _ table: CountTable, _ question: OriginsQuestion, to values: inout [String: Any], _ reader: PageReader
    ) {
        let measures = CountMeasure.allCases.filter { table.hasAdjustments || !CountMeasure.ofAdjustments.contains($0) }
        let links = CountLinks(range: question.range, zone: question.zone, readsLog: reader.may(.auditor))
        // Periods go by time, all else by size.
        let lines =
            question.period == nil
            ? table.largest(Self.mostLines, by: question.measure) : Array(table.lines.prefix(Self.mostLines))
        values["columns"] = question.dimensions.map { sentence("dimension-" + $0.rawValue, reader) }
        values["numbers"] = measures.map { measure in
            ["text": sentence(measure.rawValue, reader), "is-chosen": measure == question.measure] as [String: Any]
        }
        func numbers(_ tally: CounterTally, _ link: String?) -> [[String: String]] {
            measures.map { measure in
                [
                    "text": reader.format.number(measure.value(of: tally)),
                    // The log shows requests, not visits.
                    "link": measure == .requests ? link ?? "" : "",
                ]
            }
        }
        values["lines"] = lines.map { line in
            [
                "cells": zip(question.dimensions, line.values).map { cell($0, $1, reader) },
                "tally": numbers(line.tally, links.log(Array(zip(question.dimensions, line.values)))),
            ] as [String: Any]
        }
        values["total"] = numbers(table.total, links.log())
        values["column-count"] = question.dimensions.count
        values["is-cut"] = table.lines.count > lines.count
        values["line-count"] = reader.format.number(Int64(table.lines.count))
        values["shown-count"] = reader.format.number(Int64(Self.mostLines))
    }

    private func cell(_ dimension: CountDimension, _ value: String, _ reader: PageReader) -> [String: String] {
        guard dimension == .hour, let time = Timestamp(rfc3339: value.prefix(16) + ":00" + value.dropFirst(16)) else {
            return ["text": valueName(dimension, value, reader)]
        }
        return ["text": String(value.prefix(16)).replacing("T", with: " "), "utc": reader.format.utc(time)]
    }

    /// A path of ours as other programs reach it: under the name by which the reader does.
    private static func address(_ request: Request, isSecure: Bool, path: String) -> String {
        let name = request.head.authority ?? ""
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0.isASCIIDigit || $0.isASCIILetter || ".:-[]".utf8.contains($0) }
        return (isSecure ? "https://" : "http://") + (isPlain ? name : "localhost") + path
    }
}

extension CountQueryError {
    /// The sentence that tells people.
    fileprivate var key: String {
        switch self {
        case .notWithPlaces: "places-alone"
        case .placesNeedUTC, .placesNeedWholeDays: "places-need-utc"
        case .offQuarterHours: "zone-off-quarters"
        case .tooManyLines: "too-many-lines"
        }
    }
}
