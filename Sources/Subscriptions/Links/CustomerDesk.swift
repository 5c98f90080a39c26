package import Attribution
internal import Office

/// Where customers say who is partner of record: *Check ID*, *Submit*, and no more (support articles 3185444 and 3185425).
///
/// The link is all that a request needs: no cookie, no account, no script. Whoever can make a browser send the form knows the
/// link, and could open it themselves, so that the form needs no token of its own.
package struct CustomerDesk: Sendable {
    private let keyring: CustomerKeyring
    private let office: any CustomerOffice
    private let pages: CustomerLibrary
    private let now: @Sendable () -> Timestamp

    /// The name of who comes by a link, in histories and in the access log: nothing else is known of them.
    static let customerName = "customer"
    /// How often a change is tried when the provider tells something of the subscription meanwhile, which is none of the
    /// customer's.
    private static let mostAttempts = 4
    private static let retrySeconds = 5

    package init(
        keyring: CustomerKeyring, office: any CustomerOffice, pages: CustomerLibrary, now: @escaping @Sendable () -> Timestamp
    ) {
        self.keyring = keyring
        self.office = office
        self.pages = pages
        self.now = now
    }

    // MARK: Links

    /// Looks at a question. Takes microseconds and waits for nothing, whatever was sent.
    package func judge(_ question: CustomerQuestion) -> CustomerJudgement {
        let texts = pages.texts(for: question.acceptLanguage)
        switch CustomerLinkFinding(question.path, keys: keyring.keys, at: now()) {
        case .malformed:
            return refused(404, .linkWrong, texts, "a link that is none", question)
        case .wrong:
            return refused(403, .linkWrong, texts, "a link that no key in force has signed", question)
        case .expired(let link):
            let end = Timestamp(microseconds: link.expiry * Timestamp.microsecondsPerSecond)
            return refused(
                410, .linkExpired, texts, "\(link.subscription): a link that has ended", question,
                of: link.subscription, words: [.day: end.day.description])
        case .valid(let link):
            if let seconds = office.wait(for: link.subscription) {
                return .answered(later(429, .tooOften, texts, seconds: seconds))
            }
            return .visit(CustomerVisit(link: link, question: question, texts: texts))
        }
    }

    private func refused(
        _ status: Int, _ sentence: CustomerSentence, _ texts: CustomerTexts, _ what: String, _ question: CustomerQuestion,
        of subscription: String? = nil, words: [CustomerPlace: String] = [:]
    ) -> CustomerJudgement {
        let lines = [CustomerMessage.Line(sentence: sentence, words: words), CustomerMessage.Line(sentence: .linkTurn)]
        let page = writer(texts).page(.titleRefused, lines)
        return .refused(
            CustomerReply(status: status, language: texts.language.tag, html: page),
            CustomerRefusal(what: what, subscription: subscription, address: question.address))
    }

    /// Writes a refusal to the access log, as long as there are not too many.
    package func note(_ refusal: CustomerRefusal) async throws {
        try await office.noteStranger(refusal.what, withLinkTo: refusal.subscription, at: refusal.address)
    }

    /// The same for a body that is too large, which nobody has read.
    package func noteTooLarge(_ question: CustomerQuestion) async throws {
        guard case .valid(let link) = CustomerLinkFinding(question.path, keys: keyring.keys, at: now()) else {
            return try await office.noteStranger("a body that is too large", withLinkTo: nil, at: question.address)
        }
        if office.wait(for: link.subscription) != nil { return }
        try await office.note(.subscriptionRefused, "\(link.subscription): too large", by: caller(question))
    }

    /// What is answered when a question can't be, for now.
    package func unavailable(_ question: CustomerQuestion) -> CustomerReply {
        later(503, .unavailable, pages.texts(for: question.acceptLanguage), seconds: Self.retrySeconds)
    }

    private func later(
        _ status: Int, _ sentence: CustomerSentence, _ texts: CustomerTexts, seconds: Int
    ) -> CustomerReply {
        let page = writer(texts).page(.titleLater, [CustomerMessage.Line(sentence: sentence)])
        return CustomerReply(status: status, language: texts.language.tag, html: page, retryAfterSeconds: seconds)
    }

    private func writer(_ texts: CustomerTexts) -> CustomerPageWriter { CustomerPageWriter(texts: texts, shell: pages.shell) }

    private func caller(_ question: CustomerQuestion) -> Caller {
        Caller(name: Self.customerName, way: .link, address: question.address)
    }

    // MARK: Visits

    /// Answers who came by a valid link.
    ///
    /// - Throws: what kept the office from being read or written; ``unavailable(_:)`` is then to be answered.
    package func answer(_ visit: CustomerVisit) async throws -> CustomerReply {
        let id = visit.link.subscription
        let customer = caller(visit.question)
        guard let subscription = try await office.subscription(id) else {
            // None is ever removed: an older copy of the office was restored, and the provider has to tell again.
            try await office.note(.subscriptionRefused, "\(id): unknown", by: customer)
            let lines = [CustomerMessage.Line(sentence: .linkWrong), CustomerMessage.Line(sentence: .linkTurn)]
            let page = writer(visit.texts).page(.titleRefused, lines)
            return CustomerReply(status: 404, language: visit.texts.language.tag, html: page)
        }
        guard visit.question.isPost else {
            try await office.note(.subscriptionRead, id, by: customer)
            return try await page(of: subscription, visit) { view in
                view.message = Done(query: visit.question.query, subscription)?.message
            }
        }
        guard subscription.channel.carriesPartner else { return try await refuse(.syndicated(id), subscription, visit) }
        guard let form = CustomerForm(visit.question.form) else {
            try await office.note(.subscriptionRefused, "\(id): not the page's form", by: customer)
            return try await page(of: subscription, visit, status: 400) { $0.message = .bad(.unreadable) }
        }
        switch form.action {
        case .check: return try await check(form, subscription, visit)
        case .submit: return try await submit(form, subscription, visit)
        }
    }

    /// *Check ID*: shows who an ID is, or why it can't be used and where to turn. Without an ID, the partner of record is
    /// removed.
    private func check(
        _ form: CustomerForm, _ subscription: Subscription, _ visit: CustomerVisit
    ) async throws -> CustomerReply {
        let entered = PartnerText.trimmed(form.partner)
        if entered.isEmpty, subscription.association != nil {
            return try await change(form, subscription, visit, done: .removed) { versions, caller in
                try await office.remove(of: subscription.id, onlyIf: versions, by: caller)
            }
        }
        let kind = CandidateKind.classify(entered.utf8)
        guard case .id(let partner) = kind else {
            return try await page(of: subscription, visit) { view in
                view.entered = entered
                view.message = CustomerMessage(noID: kind)
            }
        }
        try await office.note(.partnerRead, "\(subscription.id), check of \(partner)", by: caller(visit.question))
        let found = try await office.partner(partner)
        return try await page(of: subscription, visit) { view in
            view.entered = partner.description
            if let found {
                view.message = CustomerMessage(unusable: found, at: now())
            } else {
                view.message = CustomerMessage(unknown: partner)
            }
            if view.message == nil { view.offer = found }
        }
    }

    /// *Submit*: the partner whose details were shown becomes partner of record.
    private func submit(
        _ form: CustomerForm, _ subscription: Subscription, _ visit: CustomerVisit
    ) async throws -> CustomerReply {
        guard let partner = PartnerID(form.partner) else {
            try await office.note(.subscriptionRefused, "\(subscription.id): not the page's form", by: caller(visit.question))
            return try await page(of: subscription, visit, status: 400) { $0.message = .bad(.unreadable) }
        }
        let order = AssociationOrder(partner: partner, program: form.program)
        return try await change(form, subscription, visit, done: .saved) { versions, caller in
            try await office.set(order, of: subscription.id, onlyIf: versions, by: caller)
        }
    }

    /// Makes a change, unless somebody else has changed the partner of record since the customer saw it.
    ///
    /// - Parameter work: gets the version that the subscription must have. It may have a new one because the provider told
    ///   something of it, which is no reason to refuse the customer: then it is tried again.
    private func change(
        _ form: CustomerForm, _ subscription: Subscription, _ visit: CustomerVisit, done: Done,
        _ work: (_ versions: Set<Int>, _ caller: Caller) async throws -> Void
    ) async throws -> CustomerReply {
        var current = subscription
        do {
            for _ in 0..<Self.mostAttempts where current.changes == form.seen {
                do {
                    try await work([current.version], caller(visit.question))
                    return seeOther(done, visit)
                } catch SubscriptionRefusal.changed(let now) {
                    current = now
                }
            }
            throw SubscriptionRefusal.changed(current)
        } catch let refusal as SubscriptionRefusal {
            return try await refuse(refusal, current, visit, entered: form.partner)
        }
    }

    // MARK: Answers

    /// The page of a subscription as it is now.
    private func page(
        of subscription: Subscription, _ visit: CustomerVisit, status: Int = 200, _ change: (inout CustomerView) -> Void
    ) async throws -> CustomerReply {
        var name: String?
        if let partner = subscription.association?.partner { name = try await office.partner(partner)?.name }
        var view = CustomerView(subscription, currentName: name)
        change(&view)
        return CustomerReply(status: status, language: visit.texts.language.tag, html: writer(visit.texts).page(view))
    }

    /// What was not done, and why.
    ///
    /// - Parameter subscription: as it is now.
    private func refuse(
        _ refusal: SubscriptionRefusal, _ subscription: Subscription, _ visit: CustomerVisit, entered: String? = nil
    ) async throws -> CustomerReply {
        try await office.note(.subscriptionRefused, "\(subscription.id): \(refusal.code)", by: caller(visit.question))
        var message: CustomerMessage?
        var status = 422
        switch refusal {
        case .syndicated: status = 409
        case .changed, .noPartner:
            status = 412
            message = .bad(.changed)
        case .unknownPartner(let partner): message = CustomerMessage(unknown: partner)
        case .unusablePartner(let partner, _, _):
            message = try await office.partner(partner).flatMap { CustomerMessage(unusable: $0, at: now()) }
        case .notEnrolled: message = .bad(.notEnrolled)
        default: message = .bad(.unreadable)
        }
        return try await page(of: subscription, visit, status: status) { view in
            view.message = message
            if let entered, !entered.isEmpty { view.entered = entered }
        }
    }

    /// Leads back to the page, so that loading it anew sends nothing twice.
    private func seeOther(_ done: Done, _ visit: CustomerVisit) -> CustomerReply {
        // A valid link is letters, digits, `-`, `_` and dots.
        let path = OwnPath.reservedPrefix + String(decoding: visit.question.path, as: UTF8.self)
        return CustomerReply(
            status: 303, language: visit.texts.language.tag, html: [], location: "\(path)?\(Done.parameter)=\(done.rawValue)")
    }
}

/// What was just done, as the address of the page says that one is led to. Anybody could write it there: it is said only of a
/// subscription that it can be true of.
private enum Done: String {
    case saved, removed

    static let parameter = "done"

    init?(query: [UInt8], _ subscription: Subscription) {
        let prefix = Array("\(Self.parameter)=".utf8)
        guard query.starts(with: prefix),
            let done = Done(rawValue: String(decoding: query.dropFirst(prefix.count), as: UTF8.self)),
            (subscription.association != nil) == (done == .saved)
        else { return nil }
        self = done
    }

    var message: CustomerMessage { .done(self == .saved ? .saved : .removed) }
}
