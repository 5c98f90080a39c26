/// Why what came of a probe brings no customer to the sign-up page.
package enum ProbeProblem: Hashable, Sendable {
    case failure(ProbeFailure)
    /// 308.
    case unfollowedRedirect
    case noLocation(status: Int)
    case emptyLocation(status: Int)
    /// Neither http nor https, and not relative to it.
    case notOnTheWeb(status: Int)
    /// To the address that was asked for.
    case circle(status: Int)
    case noRoute
    case noRedirect(status: Int)
    /// The answer leads to the sign-up page, but a browser stops at the certificate before; with all that is wrong with it.
    case untrusted(String)
    /// An earlier path of the same release had no answer in time, and more waiting would teach nothing.
    case notAsked

    /// nil for a redirect that a browser follows.
    init?(_ answer: HTTPAnswer, to asked: WebAddress) {
        switch answer.status {
        case 308: self = .unfollowedRedirect
        case 301, 302, 303, 307:
            guard let location = answer.location else {
                self = .noLocation(status: answer.status)
                return
            }
            guard !location.isEmpty else {
                self = .emptyLocation(status: answer.status)
                return
            }
            guard let next = WebAddress(location, from: asked) else {
                self = .notOnTheWeb(status: answer.status)
                return
            }
            guard next == asked else { return nil }
            self = .circle(status: answer.status)
        case 404: self = .noRoute
        default: self = .noRedirect(status: answer.status)
        }
    }

    /// One line for a person; of all paths when none is named.
    func inWords(at path: String? = nil) -> String {
        switch self {
        case .failure(let failure): failure.inWords
        case .unfollowedRedirect: "answered 308, which Internet Explorer 11 does not follow everywhere"
        case .noLocation(let status): "answered \(status) without a Location"
        case .emptyLocation(let status): "answered \(status) with an empty Location"
        case .notOnTheWeb(let status): "answered \(status) with a Location that is no http or https address"
        case .circle(let status): "answered \(status) with the asked URL itself as Location: a browser goes round in circles"
        case .noRoute:
            path.map { "answered 404: there is no route for \($0); name one with --path" }
                ?? "answered 404: there are no routes for these paths; name others with --path"
        case .noRedirect(let status): "answered \(status) instead of a redirect"
        case .untrusted(let problem): "a browser here would not trust the certificate: \(problem)"
        case .notAsked: "not asked, since an earlier path had no answer in time"
        }
    }

    var failure: ProbeFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
