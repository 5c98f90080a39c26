import Attribution

extension Kit {
    /// What of it would not work today. Empty when all is well.
    package var warnings: [KitWarning] {
        var warnings: [KitWarning] = []
        if let whyNoForecast { warnings.append(whyNoForecast) }
        warnings += failures.map { .notAttributed(partner, on: day, $0) }
        if signedThrough == nil, forecasts.contains(where: { $0.verdict.outcome == .unsigned }) { warnings.append(.unsigned) }
        if gateway?.scheme == .http { warnings.append(.plainHTTP) }
        return warnings + furtherWarnings
    }

    /// What a script says of itself at its beginning, each on a line of ASCII in which nothing ends a comment.
    var remarks: [String] {
        let signed = signedThrough.map {
            ["The URLs are signed and valid through \($0), UTC. Whoever changes them has no valid signature."]
        }
        return (signed ?? []) + warnings.map { "WARNING: \($0.message)" }
    }

    /// What a script says of itself that takes values away: it does not look at what they are.
    static let undoRemark = "It removes these values whatever they hold, also when something else has set them since."

    /// How sign-ups that are not attributed come out, each once: nearly always it is the same at all endpoints. What the directory
    /// says of the partner is there also when no route could tell.
    private var failures: [SignupFailure] {
        var failures: [SignupFailure] = []
        for failure in forecasts.compactMap({ SignupFailure($0.verdict) })
        where !failures.contains(where: { $0.words == failure.words }) {
            failures.append(failure)
        }
        if let directoryFailure, !failures.contains(where: { $0.outcome == directoryFailure.outcome }) {
            failures.append(directoryFailure)
        }
        return failures
    }

    /// Whether sign-ups from every endpoint would be attributed to the partner.
    package var isAttributed: Bool { !forecasts.isEmpty && failures.isEmpty }
}
