/// A row of the table: what a release saw of one path, or of all of them when they behave alike.
struct ProbeRow {
    static let header = ["release", "path", "sign-up", "tls", "suite", "certificate", "chain", "status", "ms"]
    /// Status and time are numbers.
    static let rightAligned: Set<Int> = [7, 8]
    /// As long as the longest of the documented paths.
    private static let maximumPathCharacters = 19

    let outcome: ReleaseOutcome
    /// One, or all when they are alike; never empty.
    let results: [ProbeResult]

    /// One row when all paths behave alike, else one for each.
    static func rows(of outcome: ReleaseOutcome) -> [ProbeRow] {
        let behaviours = Set(outcome.results.map { Behaviour($0) })
        if behaviours.count == 1 { return [ProbeRow(outcome: outcome, results: outcome.results)] }
        return outcome.results.map { ProbeRow(outcome: outcome, results: [$0]) }
    }

    /// What makes two paths alike.
    private struct Behaviour: Hashable {
        let agreement: ProbeResult.Agreement?
        let status: Int?
        let target: String?
        let problem: ProbeProblem?

        init(_ result: ProbeResult) {
            agreement = result.agreement
            status = result.status
            target = ProbeRow.target(of: result)
            problem = result.problem
        }
    }

    /// Where a path leads, without what always differs: offer and receipt, which stand in the query, and the path itself where the
    /// server keeps it, as one does that redirects to https.
    private static func target(of result: ProbeResult) -> String? {
        guard let location = result.location, !location.isEmpty else { return nil }
        let target = location.prefix { $0 != "?" }
        let path = result.path.prefix { $0 != "?" }
        if target.hasSuffix(path), target.count > path.count {
            return PlainText.printable(String(target.dropLast(path.count))) + "/… (the same path)"
        }
        return PlainText.printable(String(target)) + (target.endIndex == location.endIndex ? "" : "?…")
    }

    var cells: [String] {
        let result = results[0]
        let agreement = result.agreement
        let certificate = agreement?.certificate
        return [
            outcome.id, path, result.canSignUp ? "yes" : outcome.counts ? "NO" : "no", Self.version(agreement),
            agreement?.suite ?? "-", certificate?.label ?? "-", certificate.map { $0.chainProblem == nil ? "yes" : "no" } ?? "-",
            result.status.map { String($0) } ?? "-", milliseconds,
        ]
    }

    /// What stands below the row: where it leads, and why that is no sign-up.
    var details: [String] {
        let result = results[0]
        let target = Self.target(of: result).map { "→ " + $0 }
        let reason = result.problem.map { $0.inWords(at: results.count == 1 ? result.path : nil) }
        return [target, reason.map { PlainText.printable($0, maximumCharacters: 300) }].compactMap { $0 }
    }

    private var path: String {
        results.count > 1
            ? "all \(results.count)" : PlainText.printable(results[0].path, maximumCharacters: Self.maximumPathCharacters)
    }

    /// `1.2`, or `1.2 h2` where HTTP/2 was agreed on.
    private static func version(_ agreement: ProbeResult.Agreement?) -> String {
        guard let agreement else { return "-" }
        // OpenSSL calls TLS 1.0 by the name that it had before there was a 1.1.
        let version = agreement.version == "TLSv1" ? "1.0" : agreement.version.replacing("TLSv", with: "")
        return version + (agreement.applicationProtocol == "h2" ? " h2" : "")
    }

    /// `12`, or `12-15` over several paths.
    private var milliseconds: String {
        let all = results.compactMap(\.milliseconds)
        guard let least = all.min(), let greatest = all.max() else { return "-" }
        return least == greatest ? "\(least)" : "\(least)-\(greatest)"
    }
}

extension ProbeResult {
    /// ``duration`` in whole milliseconds.
    package var milliseconds: Int? {
        duration.map { Int($0.components.seconds) * 1_000 + Int($0.components.attoseconds / 1_000_000_000_000_000) }
    }
}
