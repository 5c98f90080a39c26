import Attribution
import Office
import Subscriptions

extension Desks {
    /// Does what somebody asks for about subscriptions. When it is refused, for whatever was asked, that is in the access log.
    ///
    /// - Parameters:
    ///   - what: a subscription, a conflict, or a path.
    ///   - signature: what the call was signed with if it is good once: it is used up then.
    func noting<Value>(
        _ what: String, of caller: Caller, signature: ProviderSignature? = nil, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch {
            let problem = Problem(error)
            // What went wrong here is none of the caller's.
            if problem.status < 500 {
                try await subscriptions.noteRefusal("\(what): \(problem.type)", of: caller, signature: signature)
            }
            throw error
        }
    }
}
