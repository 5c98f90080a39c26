/// Judges one request: the one function that says what is answered and what is recorded.
///
/// Pure: the same arguments give the same decision, whatever bytes they hold. The front door, `porter explain`, the back
/// office and the tests all call it.
///
/// - Parameters:
///   - time: when the request's head was complete.
///   - receipt: the record's ID, should there be one.
package func decide(
    _ request: SignupRequest,
    routes: RouteTable,
    directory: PartnerDirectory,
    time: Timestamp,
    receipt: Receipt
) -> Decision {
    do throws(Refusal) {
        switch try Admission(request.head, routes: routes) {
        case .own(let path):
            return Decision(answer: .own(path), draft: nil)
        case .signup(let signup):
            let judgement = try SignupJudgement(request, signup, directory: directory, time: time, receipt: receipt)
            return judgement.decision(request, routes)
        }
    } catch {
        return Decision(answer: .refusal(error), draft: nil)
    }
}
