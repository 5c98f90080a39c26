/// A decision, and how it came about.
package struct ExplainedDecision: Sendable {
    package let decision: Decision
    package let steps: [DecisionStep]

    /// A request that is refused for its size before anybody reads it.
    package init(_ refusal: Refusal) {
        decision = Decision(answer: .refusal(refusal), draft: nil)
        steps = [.unreadable(refusal), .answer(decision.answer)]
    }

    init(_ decision: Decision, _ steps: [DecisionStep]) {
        self.decision = decision
        self.steps = steps
    }
}

/// Judges a request as ``decide(_:routes:directory:time:receipt:)`` does, and tells each step. The steps are read off the parts that
/// the decision is made with; nothing is judged a second way.
package func explain(
    _ request: SignupRequest,
    routes: RouteTable,
    directory: PartnerDirectory,
    time: Timestamp,
    receipt: Receipt
) -> ExplainedDecision {
    let decision = decide(request, routes: routes, directory: directory, time: time, receipt: receipt)
    var steps = DecisionStep.aboutHead(request, routes: routes, answer: decision.answer)
    do throws(Refusal) {
        switch try Admission(request.head, routes: routes) {
        case .own: break
        case .signup(let signup):
            let judgement = try SignupJudgement(request, signup, directory: directory, time: time, receipt: receipt)
            steps += judgement.steps(request, decision, directory: directory)
            return ExplainedDecision(decision, steps)
        }
    } catch {
        if let step = DecisionStep.aboutParameters(error) { steps.append(step) }
    }
    return ExplainedDecision(decision, steps + [.answer(decision.answer)])
}

extension ExplainedDecision {
    /// The same with facts added to a step, where there is one.
    package func adding(_ facts: [Fact], to question: DecisionStep.Question) -> ExplainedDecision {
        ExplainedDecision(decision, steps.map { $0.question == question ? $0.adding(facts) : $0 })
    }
}
