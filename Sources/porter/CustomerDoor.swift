import FrontDoor
import Logging
import Subscriptions
import Synchronization

/// Has the front door's event loops ask ``CustomerDesk`` without waiting for it.
final class CustomerDoor: CustomerPages {
    private let desk: CustomerDesk
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// Requests whose page is being made, and refusals that are being written to the access log.
        var inWork = 0
        /// Nobody is called back any more.
        var isEnded = false
    }

    /// Each takes a thread for as long as the office is read or written, of those that the back office has as well. A page
    /// takes milliseconds: more are only in work when the disk hangs.
    private static let mostInWork = 32
    /// With so many in work no more refusals are written: anybody can make links up, and who has one must not wait for it.
    private static let mostBesideNotes = 8
    /// The same of links that were made here, and have ended: who makes links up does not keep those out of the access log.
    private static let mostBesideOwnNotes = 16

    init(desk: CustomerDesk, logger: Logger) {
        self.desk = desk
        self.logger = logger
    }

    /// From now on nobody is called back: the event loops are about to end.
    func end() { state.withLock { $0.isEnded = true } }

    func answer(_ request: CustomerRequest, complete: @escaping @Sendable (CustomerPage) -> Void) -> CustomerAnswer {
        let question = CustomerQuestion(request)
        switch desk.judge(question) {
        case .answered(let reply):
            return .now(CustomerPage(reply))
        case .refused(let reply, let refusal):
            let most = refusal.subscription == nil ? Self.mostBesideNotes : Self.mostBesideOwnNotes
            work(besides: most) { [desk] in try await desk.note(refusal) }
            return .now(CustomerPage(reply))
        case .visit(let visit):
            let instead = CustomerPage(desk.unavailable(question))
            let isTaken = work { [self] in
                let made = await page(of: visit) ?? instead
                // Held meanwhile: who ends the event loops then knows that nobody is just about to call back.
                state.withLock { state in
                    if !state.isEnded { complete(made) }
                }
            }
            return isTaken ? .later(instead: instead) : .now(instead)
        }
    }

    func noteTooLarge(_ request: CustomerRequest) {
        let question = CustomerQuestion(request)
        work(besides: Self.mostBesideNotes) { [desk] in try await desk.noteTooLarge(question) }
    }

    /// nil when the office can't be read or written.
    private func page(of visit: CustomerVisit) async -> CustomerPage? {
        do {
            return CustomerPage(try await desk.answer(visit))
        } catch {
            logger.error("a customer's page can't be made", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Does something beside the event loop, unless there is too much in work.
    ///
    /// - Parameter most: with so many in work already it is too much.
    /// - Returns: whether it will be done.
    @discardableResult
    private func work(besides most: Int = mostInWork, _ work: @escaping @Sendable () async throws -> Void) -> Bool {
        let isTaken = state.withLock { state in
            guard state.inWork < most, !state.isEnded else { return false }
            state.inWork += 1
            return true
        }
        guard isTaken else { return false }
        Task {
            do {
                try await work()
            } catch {
                logger.error("the access log can't be written", metadata: ["error": "\(error)"])
            }
            state.withLock { $0.inWork -= 1 }
        }
        return true
    }
}

extension CustomerQuestion {
    fileprivate init(_ request: CustomerRequest) {
        self.init(path: request.path)
        query = request.query
        isPost = request.isPost
        form = request.form
        acceptLanguage = request.acceptLanguage
        address = request.address
    }
}

extension CustomerPage {
    fileprivate init(_ reply: CustomerReply) {
        self.init(
            status: reply.status, language: reply.language, html: reply.html, location: reply.location,
            retryAfterSeconds: reply.retryAfterSeconds)
    }
}
