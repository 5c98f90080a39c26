import Attribution
import Foundation
import Ledger

/// The overview's figures as its tables show them.
extension Pages {
    func cards(_ figures: OverviewFigures, _ links: CountLinks, _ reader: PageReader) -> [[String: Any]] {
        let (total, before) = (figures.total, figures.before)
        let format = reader.format
        func card(_ key: String, _ value: String, change: String, link: String) -> [String: Any] {
            [
                "name": sentence(key, reader), "value": value, "change": change, "link": link,
                "meaning": sentence(key + "-meaning", reader), "is-compared": change != "–",
            ]
        }
        func counted(_ measure: CountMeasure, link: String) -> [String: Any] {
            let (now, then) = (measure.value(of: total), measure.value(of: before))
            let change = then > 0 ? format.signed(format.share(now - then, of: then)) : "–"
            return card(measure.rawValue, format.number(now), change: change, link: link)
        }
        func share(_ key: String, _ measure: CountMeasure, link: String) -> [String: Any] {
            card(
                key, format.share(measure.value(of: total), of: total.requests),
                change: format.points(
                    (measure.value(of: total), total.requests), against: (measure.value(of: before), before.requests)),
                link: link)
        }
        let period = links.range.period
        var cards = [
            counted(.requests, link: links.log() ?? links.origins(period, .outcome)),
            counted(.visits, link: links.origins(period, .origin, measure: .visits)),
            counted(.unique, link: links.origins(period, .origin, measure: .unique)),
            share(
                "attributed-share", .attributed,
                link: links.log([(.outcome, Outcome.attributed.rawValue)])
                    ?? links.origins(period, .origin, measure: .attributed)),
        ]
        if figures.hasAdjustments {
            cards.append(share("net-share", .net, link: links.origins(.origin, measure: .net)))
            cards[4]["detail"] =
                format.signed(format.number(total.adjusted)) + " " + sentence("adjusted-after", reader)
        }
        return cards
    }

    /// By outcome, in the order of the chart, whose legend this is.
    ///
    /// - Parameters:
    ///   - table: by outcome and something else.
    ///   - links: nil where numbers lead nowhere.
    func outcomeRows(_ table: CountTable, _ links: CountLinks?, _ reader: PageReader) -> [[String: Any]] {
        let place = table.dimensions.firstIndex(of: .outcome)!
        var sums: [String: Int64] = [:]
        for line in table.lines { sums[line.values[place], default: 0] += line.tally.requests }
        return zip(1..., Outcome.allCases).map { number, outcome in
            let requests = sums[outcome.rawValue] ?? 0
            return [
                "key": outcome.rawValue, "mark": number, "name": sentence("outcome-" + outcome.rawValue, reader),
                "requests": reader.format.number(requests),
                "share": reader.format.share(requests, of: table.total.requests),
                "link": requests > 0 ? links?.log([(.outcome, outcome.rawValue)]) ?? "" : "",
            ]
        }
    }

    /// Why sign-ups went unattributed, the most frequent first, and what to do about each.
    func reasonRows(_ reasons: CountTable, _ links: CountLinks, _ reader: PageReader) -> [[String: Any]] {
        let lines = reasons.lines.filter { $0.values[0] != Outcome.attributed.rawValue && $0.tally.requests > 0 }
        let lost = lines.reduce(0) { $0 + $1.tally.requests }
        return lines.sorted { $0.tally.requests > $1.tally.requests }.map { line in
            let (outcome, reason) = (line.values[0], line.values[1])
            return [
                "key": outcome, "outcome": sentence("outcome-" + outcome, reader),
                "reason": reason.isEmpty ? "" : sentence("cause-" + reason, reader),
                "requests": reader.format.number(line.tally.requests),
                "share": reader.format.share(line.tally.requests, of: lost),
                "remedy": sentence("remedy-" + (reason.isEmpty ? outcome : reason), reader),
                "link": links.log([(.outcome, outcome), (.reason, reason)].filter { !$0.1.isEmpty }) ?? "",
            ]
        }
    }

    /// Handshakes that failed in the same way: who that seems to be, what was wrong, and what to do about it.
    func handshakeRow(_ handshake: HandshakeDocument, _ reader: PageReader) -> [String: Any] {
        let latest = Timestamp(rfc3339: handshake.latest)
        return [
            "client": handshake.windows.map { sentence("windows-" + $0, reader) } ?? sentence("windows-unknown", reader),
            "name": handshake.serverName ?? "", "version": handshake.offeredVersion ?? "",
            "cause": sentence("handshake-" + handshake.reason, reader),
            "connections": reader.format.number(handshake.connections),
            "latest": latest.map { reader.format.time($0) } ?? "", "latest-utc": latest.map { reader.format.utc($0) } ?? "",
            "remedy": sentence("mend-" + (handshake.mend ?? "unknown"), reader),
        ]
    }

    func breakdown(_ breakdown: OverviewFigures.Breakdown, _ links: CountLinks, _ reader: PageReader) -> [String: Any] {
        let dimensions = breakdown.dimensions
        let isPlace = dimensions[0].isPlace
        return [
            "title": sentence("by-" + breakdown.key, reader), "hint": isPlace ? sentence("utc-days-only", reader) : "",
            "link": links.origins(
                dimensions[0], dimensions.count > 1 ? dimensions[1] : links.range.period, zone: isPlace ? .gmt : nil),
            "rows": rows(
                breakdown.table, links, reader,
                named: { values in
                    // An endpoint is an edition and an action; a route may say neither.
                    let named = zip(dimensions, values).filter { !$1.isEmpty || dimensions.count == 1 }
                    return named.isEmpty
                        ? sentence("none", reader) : named.map { valueName($0, $1, reader) }.joined(separator: " · ")
                },
                leadingTo: { links.log(Array(zip(dimensions, $0)).map { (dimension: $0, value: $1) }) }),
            "is-cut": breakdown.table.lines.count > Self.mostRows,
        ]
    }

    /// The largest lines of a table.
    ///
    /// - Parameters:
    ///   - left: of the first dimension, whose lines are left out.
    ///   - name, link: of a line's values.
    func rows(
        _ table: CountTable, _ links: CountLinks, _ reader: PageReader, leavingOut left: String? = nil,
        named name: ([String]) -> String, leadingTo link: ([String]) -> String?
    ) -> [[String: Any]] {
        table.largest(Self.mostRows, leavingOut: left).map { line in
            return [
                "name": name(line.values), "link": link(line.values) ?? "", "requests": reader.format.number(line.tally.requests),
                "unique": reader.format.number(line.tally.unique),
                "attributed": reader.format.number(line.tally.attributed), "net": reader.format.number(line.tally.net),
                "share": reader.format.share(line.tally.attributed, of: line.tally.requests),
                "net-share": reader.format.share(line.tally.net, of: line.tally.requests),
            ]
        }
    }

    /// How a value of a dimension is called.
    func valueName(_ dimension: CountDimension, _ value: String, _ reader: PageReader) -> String {
        if value.isEmpty { return sentence("none", reader) }
        return switch dimension {
        case .outcome: sentence("outcome-" + value, reader)
        case .reason: sentence("cause-" + value, reader)
        case .client: sentence("client-" + value, reader)
        case .campaign where value == CampaignDays.other: sentence("others", reader)
        default: value
        }
    }
}
