package import Attribution
import Hummingbird
import Ledger
import Office

/// A request that somebody wants explained, as they wrote it.
package struct ExplainQuestion: Sendable {
    /// Absolute, or a path.
    package var url: String
    /// GET when none is given; POST with a form.
    package var method: String?
    /// `Name: value`.
    package var headers: [String] = []
    package var form: String?
    /// Whom a path is asked of.
    package var host: String?
    /// When it is judged; now when no time is given.
    package var time: Timestamp?
}

/// The parameters that page and API take for a question.
enum ExplainParameter: String, CaseIterable {
    case url, method, host
    case userAgent = "user-agent"
    case acceptLanguage = "accept-language"
    /// Further header fields: on lines of their own, or in parameters of their own.
    case header
    case form, at
}

extension ExplainQuestion {
    /// - Throws: ``QuestionFault`` when no URL is given, or a time that is none.
    init(_ request: Request) throws {
        func text(_ parameter: ExplainParameter) -> String? { request.query(parameter.rawValue) }
        guard let url = text(.url) else {
            throw QuestionFault("url", "is missing; give a sign-up URL, or a path with host")
        }
        self.url = PartnerText.trimmed(url)
        method = text(.method).map { $0.uppercased() }
        host = text(.host)
        form = text(.form)
        if let agent = text(.userAgent) { headers.append("User-Agent: \(agent)") }
        if let language = text(.acceptLanguage) { headers.append("Accept-Language: \(language)") }
        headers += request.queries(ExplainParameter.header.rawValue).flatMap { value in
            value.split { $0.isNewline }.map(String.init)
        }
        if let at = text(.at) {
            guard let time = Timestamp(rfc3339: at) else {
                throw QuestionFault(
                    "at", "is \(PartnerText.quoted(at)), expected a time such as 2016-10-03T08:00:00Z, or a day")
            }
            self.time = time
        }
    }
}

extension Desks {
    /// Judges a request by the routes and the directory in force, and records nothing.
    ///
    /// - Throws: ``QuestionFault`` when it is no request that could be sent.
    func explain(_ question: ExplainQuestion) async throws -> Explanation {
        let time = question.time ?? now()
        let request: SignupRequest
        switch try asked(question) {
        case .failure(let refusal): return Explanation(ExplainedDecision(refusal))
        case .success(let asked): request = asked
        }
        let explained = Attribution.explain(
            request, routes: routes(), directory: partners(), time: time, receipt: .zero)
        guard let partner = explained.decision.draft?.partner else { return Explanation(explained) }
        let history = try await office { try $0.history(of: partner) }
        guard let entry = history.last, let since = history.standingSince else { return Explanation(explained) }
        return Explanation(
            explained.adding(
                [Fact(.partnerName, entry.partner.name), Fact(.since, .time(since.learnedAt))], to: .directory))
    }
}
