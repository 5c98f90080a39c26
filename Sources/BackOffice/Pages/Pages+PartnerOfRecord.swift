import Attribution
import HTTPTypes
import Hummingbird
import Office
import Subscriptions

extension Pages {
    /// A partner of record is set as customers know it: the ID is entered and checked, what it stands for appears, and that is
    /// submitted. The ID deleted and checked removes the partner of record.
    func addPartnerOfRecord(to group: RouterGroup<BackOfficeContext>) {
        group.get("/subscriptions/:id/partner") { request, context in
            let identity = try context.require(.admin)
            return try await partnerPage(of: context.parameters.text("id"), PageReader(request, context), identity)
        }
        group.post("/subscriptions/:id/partner") { request, context in
            try await taking(request, context) { form, reader, identity in
                try await takePartner(form, of: context.parameters.text("id"), reader, identity)
            }
        }
    }

    /// What is typed in place of an ID may be anything.
    private static let maximumTypedScalars = 200

    private func takePartner(
        _ form: PageForm, of id: String, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        guard try await desks.office({ try $0.subscription(id) }) != nil else { throw SubscriptionRefusal.unknown(id) }
        let versions = Set([form["version"].flatMap { Int($0) }].compactMap { $0 })
        do {
            if form["action"] == "submit" {
                _ = try await desks.subscriptions.set(
                    try Self.order(form), of: id, onlyIf: versions, origin: .admin, by: identity.caller)
                return .seeOther(Self.path(ofSubscription: id))
            }
            if let text = form["id"] {
                let check = try await desks.check(String(text.unicodeScalars.prefix(Self.maximumTypedScalars)))
                return try await partnerPage(of: id, reader, identity, typed: form, check: check)
            }
            _ = try await desks.subscriptions.remove(
                of: id, note: try SubscriptionText.note(form["note"]), onlyIf: versions, origin: .admin, by: identity.caller)
            return .seeOther(Self.path(ofSubscription: id))
        } catch let refusal as SubscriptionRefusal {
            try await noteRefusal(refusal.code, of: id, identity)
            let problem = Problem(refusal, at: nil)
            // What a page answers when somebody else was first.
            let isChanged = problem.status == HTTPResponse.Status.preconditionFailed.code
            return try await partnerPage(
                of: id, reader, identity, typed: form, fault: renderer.told(problem, for: reader),
                status: isChanged ? .conflict : HTTPResponse.Status(code: problem.status))
        } catch is SubscriptionFault {
            try await noteRefusal("invalid-request", of: id, identity)
            // Of all that is typed here, a note alone can't be read.
            let fault = sentence("note-too-long", [String(SubscriptionText.maximumNoteScalars)], reader)
            return try await partnerPage(
                of: id, reader, identity, typed: form, fault: fault, status: .unprocessableContent)
        }
    }

    /// What was checked, as it is submitted.
    private static func order(_ form: PageForm) throws -> AssociationOrder {
        let text = form["partner"] ?? ""
        guard let partner = PartnerID(text) else {
            throw Problem.invalidRequest(
                "\(PartnerText.quoted(text)) is not a Partner ID; give 1 to 10 digits",
                Sentence(Mistake(.noID, PartnerText.quoted(text))))
        }
        return AssociationOrder(
            partner: partner, program: try choice("program", form), evidence: try choice("evidence", form) ?? .digital,
            note: try SubscriptionText.note(form["note"]))
    }

    /// A word of a closed set; nil when none was chosen.
    ///
    /// - Throws: ``Problem`` 400 for what the page did not propose.
    private static func choice<Word: RawRepresentable<String>>(_ name: String, _ form: PageForm) throws -> Word? {
        guard let text = form[name] else { return nil }
        // That there was a receipt, nobody can say.
        guard let word = Word(rawValue: text), text != Evidence.receipt.rawValue else {
            throw Problem.invalidRequest(
                "\(name) is \(PartnerText.quoted(text)), which can't be chosen", Sentence(key: "no-such-choice"))
        }
        return word
    }

    /// - Parameters:
    ///   - typed: what was sent last, if anything was.
    ///   - check: what the ID that was entered stands for.
    private func partnerPage(
        of id: String, _ reader: PageReader, _ identity: Identity, typed: PageForm? = nil, check: PartnerCheck? = nil,
        fault: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        guard let subscription = try await desks.office({ try $0.subscription(id) }) else {
            throw SubscriptionRefusal.unknown(id)
        }
        try await desks.note(identity, .subscriptionRead, "\(id), to edit it")
        let current = subscription.association?.partner.description ?? ""
        let names = try await partnerNames([current])
        var values = row(subscription, names, reader)
        values["id"] = subscription.id
        values["is-editable"] = subscription.channel.carriesPartner
        values["has-partner"] = subscription.association != nil
        // The latest ID, until another one is typed. A form that was submitted has the one that was checked.
        var typedID = current
        if let typed { typedID = typed["id"] ?? typed["partner"] ?? "" }
        values["typed-id"] = typedID
        values["typed-note"] = typed?["note"] ?? ""
        values["seen-version"] = String(subscription.version)
        if let check { values.merge(checkValues(check, typed, reader)) { $1 } }
        values["fault"] = fault ?? ""
        return try renderer.page(
            "subscription-partner", title: "subscription-partner", values, for: reader, status: status)
    }

    /// The key of what says where to turn with an ID that can't be used.
    private static func turn(_ check: PartnerCheck) -> String {
        switch check.reason.flatMap({ Reason(rawValue: $0) }) {
        case .noAgreement: "turn-no-agreement"
        case .lapsed: "turn-lapsed"
        case .requested: "turn-requested"
        default: "turn-" + check.outcome
        }
    }

    /// A partner's details, and for what it can be partner of record; or why it can't, and where to turn.
    private func checkValues(_ check: PartnerCheck, _ typed: PageForm?, _ reader: PageReader) -> [String: Any] {
        let programs = check.programs ?? []
        let chosen = typed?["program"].flatMap { Program(rawValue: $0) } ?? programs.first
        let evidences: [Evidence] = [.digital, .osaForm]
        let evidence = typed?["evidence"].flatMap { Evidence(rawValue: $0) } ?? .digital
        let verdict = check.usable ? "partner-found" : "check-" + check.outcome
        let reason = check.reason.map { sentence("reason-" + $0, reader) } ?? ""
        let turn = check.usable ? "" : sentence(Self.turn(check), reader)
        let days: [(PartnerColumn, String?)] = [(.validFrom, check.validFrom), (.validTo, check.validTo)]
        let dates: [[String: Any]] = days.compactMap { column, day in
            day.map { ["name": sentence("column-" + column.rawValue, reader), "text": $0] }
        }
        let remarks: [String] = check.remarks.map { sentence("remark-" + $0.rawValue, reader) }
        let offered: [[String: Any]] = options(chosen: chosen, of: programs) { sentence("program-" + $0.rawValue, reader) }
        let rests: [[String: Any]] = options(chosen: evidence, of: evidences) { sentence("evidence-" + $0.rawValue, reader) }
        return [
            "has-answer": true, "is-usable": check.usable, "outcome": check.outcome, "verdict": sentence(verdict, reader),
            "checked": check.id ?? "", "checked-name": check.name ?? "",
            "reason": reason, "turn": turn, "dates": dates,
            "remarks": remarks, "programs": offered, "has-programs": !programs.isEmpty, "evidences": rests,
        ]
    }
}
