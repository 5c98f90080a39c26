import Attribution
import BackOffice
import Ledger

extension ExplainedRequest {
    /// What somebody asks a running server, read as the command reads its arguments.
    ///
    /// - Throws: ``QuestionFault``.
    static func read(_ question: ExplainQuestion) throws -> Result<SignupRequest, Refusal> {
        do {
            return try ExplainedRequest(
                url: Array(question.url.utf8),
                method: question.method,
                headers: question.headers.map { Array($0.utf8) },
                form: question.form.map { Array($0.utf8) },
                host: question.host,
                namePrefix: ""
            ).read()
        } catch let failure as CommandFailure {
            throw QuestionFault("", failure.message)
        }
    }
}
