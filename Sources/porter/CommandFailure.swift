/// A command's failure as its user sees it: one line on standard error, and an exit status.
struct CommandFailure: Error {
    /// What, where, what to do; without the leading `error: `.
    let message: String
    let exitCode: Int32

    /// The answer is no: a check found errors, a verification failed.
    static let answerIsNo: Int32 = 1
    /// The request makes no sense, or could not be carried out.
    static let badRequest: Int32 = 2
}
