import Attribution

extension Kit {
    /// What of it would not work today, each a sentence without its full stop. Empty when all is well.
    package var warnings: [String] {
        var warnings: [String] = []
        if forecasts.isEmpty {
            warnings.append(
                "no route is one of the module's endpoints, so what becomes of sign-ups can't be said; write `endpoint` into the "
                    + "routes' files")
        }
        for words in failures {
            warnings.append("sign-ups with the Partner ID \(partner) would not be attributed on \(day): \(words)")
        }
        if signedThrough == nil, forecasts.contains(where: { $0.verdict.outcome == .unsigned }) {
            warnings.append("routes require signed links, and only a kit of the agreement mosra can be signed: ask for sign")
        }
        if gateway?.scheme == .http {
            warnings.append("the gateway's URL is http, so anybody on the way can read and change sign-ups; use https if it can")
        }
        return warnings
    }

    /// What a script says of itself at its beginning, each on a line of ASCII in which nothing ends a comment.
    var remarks: [String] {
        let signed = signedThrough.map {
            ["The URLs are signed and valid through \($0), UTC. Whoever changes them has no valid signature."]
        }
        return (signed ?? []) + warnings.map { "WARNING: \($0)" }
    }

    /// What a script says of itself that takes values away: it does not look at what they are.
    static let undoRemark = "It removes these values whatever they hold, also when something else has set them since."

    /// How sign-ups that are not attributed come out, in the words of a record, each once: nearly always it is the same at all
    /// endpoints.
    var failures: [String] {
        var failures: [String] = []
        for forecast in forecasts where !forecast.verdict.isAttributed && !failures.contains(forecast.verdict.words) {
            failures.append(forecast.verdict.words)
        }
        return failures
    }

    /// Whether sign-ups from every endpoint would be attributed to the partner.
    package var isAttributed: Bool { !forecasts.isEmpty && failures.isEmpty }
}
