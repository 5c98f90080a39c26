import Attribution
import HTTPTypes
import Hummingbird
import Ledger
import Office
import Subscriptions

extension Pages {
    func addConflicts(to group: RouterGroup<BackOfficeContext>) {
        group.get("/conflicts") { request, context in
            let identity = try context.require(.auditor)
            return try await conflicts(request, PageReader(request, context), identity)
        }
        group.get("/conflicts/:id") { request, context in
            let identity = try context.require(.auditor)
            return try await conflict(try context.parameters.conflictID(), PageReader(request, context), identity)
        }
        group.post("/conflicts/:id") { request, context in
            try await taking(request, context) { form, reader, identity in
                try await decide(form, try context.parameters.conflictID(), reader, identity)
            }
        }
    }

    private static let pageConflicts = 50

    /// That conflicts wait for an admin; empty when none does, or when it is not the reader's to know.
    func openConflicts(_ reader: PageReader) async throws -> String {
        guard reader.may(.auditor) else { return "" }
        let count = try await desks.office { try $0.openConflictCount() }
        if count == 0 { return "" }
        return sentence(count == 1 ? "one-open-conflict" : "open-conflicts", [reader.format.number(Int64(count))], reader)
    }

    private func conflicts(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["state", "before"])
        let chosen: ConflictState? = try Self.choice("state", request)
        let state = chosen ?? .open
        let before = try request.sequence("before") ?? .max
        let found = try await desks.office { try $0.conflicts(state, before: before, limit: Self.pageConflicts + 1) }
        let page = found.prefix(Self.pageConflicts)
        try await desks.note(identity, .subscriptionRead, "conflicts, \(state.rawValue)")
        var values: [String: Any] = [
            "is-empty": page.isEmpty, "is-open": state == .open, "conflicts": page.map { row($0, reader) }, "next": "",
        ]
        values["states"] = ConflictState.allCases.map { other in
            [
                "link": "/conflicts" + (other == .open ? "" : "?state=" + other.rawValue),
                "text": sentence("conflicts-" + other.rawValue, reader), "is-chosen": other == state,
            ] as [String: Any]
        }
        if found.count > page.count, let last = page.last {
            values["next"] = "/conflicts?state=\(state.rawValue)&before=\(last.id)"
        }
        return try renderer.page("conflicts", title: "conflicts", values, for: reader)
    }

    private func row(_ conflict: Conflict, _ reader: PageReader) -> [String: Any] {
        let settlement = conflict.settlement
        let settled = settlement.map { reader.format.time($0.time) } ?? ""
        let settledUTC = settlement.map { reader.format.utc($0.time) } ?? ""
        return [
            "number": String(conflict.id), "tenant": conflict.tenant, "tenant-link": Self.path(ofTenant: conflict.tenant),
            "product": conflict.product.name, "portal": sentence("portal-" + conflict.product.portal.rawValue, reader),
            "opened": reader.format.time(conflict.openedAt), "opened-utc": reader.format.utc(conflict.openedAt),
            "is-open": conflict.state == .open, "state": sentence("conflict-" + conflict.state.rawValue, reader),
            "settled": settled, "settled-utc": settledUTC, "decider": settlement?.decider ?? "",
            "decision": decision(conflict, reader), "note": settlement?.note ?? "",
        ]
    }

    /// What was decided; empty where nobody has.
    private func decision(_ conflict: Conflict, _ reader: PageReader) -> String {
        guard conflict.state == .decided else { return "" }
        guard let partner = conflict.settlement?.choice else { return sentence("decided-keep", reader) }
        return sentence("decided-all", [partner.description], reader)
    }

    /// That a change or its record is a decision on a conflict, and where that is shown. Empty texts for what is none.
    func decisionValues(_ conflict: Int64?, _ reader: PageReader) -> [String: Any] {
        guard let conflict else { return ["decided-in": "", "decided-in-link": ""] }
        let number = String(conflict)
        return [
            "decided-in": sentence("decision-on-conflict", [number], reader), "decided-in-link": "/conflicts/" + number,
        ]
    }

    /// All that the page of one conflict shows.
    private struct ConflictFacts: Sendable {
        let found: ConflictCase
        /// What the directory says of the sides' partners.
        let partners: [PartnerID: Partner]
        /// The sign-ups' records, by receipt.
        let records: [Receipt: Record]
    }

    /// Each is looked up in the ledger by itself.
    private static let mostRecords = 60

    private func facts(ofConflict id: Int64) async throws -> ConflictFacts {
        let known = try await desks.office { office -> (ConflictCase, [PartnerID: Partner])? in
            guard let found = try office.conflict(id) else { return nil }
            var partners: [PartnerID: Partner] = [:]
            for side in found.sides { partners[side.partner] = try office.partner(side.partner) }
            return (found, partners)
        }
        guard let (found, partners) = known else { throw ConflictRefusal.unknown(id) }
        let signups = found.sides.flatMap { $0.claims.map(\.signup) }.prefix(Self.mostRecords)
        let records = try await desks.ledger.read { ledger in
            var records: [Receipt: Record] = [:]
            for signup in signups { records[signup] = try ledger.record(receipt: signup)?.record }
            return records
        }
        return ConflictFacts(found: found, partners: partners, records: records)
    }

    /// - Parameter typed: a form that was refused.
    private func conflict(
        _ id: Int64, _ reader: PageReader, _ identity: Identity, fault: String? = nil, typed: PageForm? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let facts = try await facts(ofConflict: id)
        let (found, conflict) = (facts.found, facts.found.conflict)
        try await desks.note(identity, .subscriptionRead, "conflict \(id), with its sign-ups")
        let now = desks.now()
        var values = row(conflict, reader)
        values["id"] = String(id)
        values["fault"] = fault ?? ""
        values["is-settled"] = conflict.state != .open
        values["sides"] = found.sides.map { side($0, facts, at: now, reader) }
        values["has-sides"] = !found.sides.isEmpty
        values["first-touch"] = found.firstTouch.map { touch($0, reader) } ?? ""
        values["last-touch"] = found.lastTouch.map { touch($0, reader) } ?? ""
        values["records"] = found.records.map(\.description)
        values["has-records"] = !found.records.isEmpty
        values["may-decide"] = reader.may(.admin) && conflict.state == .open
        values["sends-mail"] = desks.sendsMail
        values["seen-version"] = String(conflict.version)
        values["typed-note"] = typed?["note"] ?? ""
        values["whose"] = sentence(found.subscriptions == 1 ? "one-whose" : "whose", reader)
        values["choices"] = choices(facts, chosen: typed?["choice"], at: now, reader)
        return try renderer.page("conflict", title: "conflict", values, for: reader, status: status)
    }

    private func side(_ side: ConflictSide, _ facts: ConflictFacts, at now: Timestamp, _ reader: PageReader) -> [String: Any] {
        let partner = facts.partners[side.partner]
        let names = [side.partner.description: partner?.name ?? ""]
        var values = partnerValues(side.partner, names)
        values["standing"] = standing(partner?.standing, at: now, reader)
        values["standing-key"] = (partner?.standing.outcome(at: now).0 ?? .unknown).rawValue
        values["held"] = side.held.map { held in
            let program = held.change.association?.program?.rawValue ?? ProgramFigures.noProgram
            return row(held.change, names, reader).merging([
                "subscription-id": held.subscription, "link": Self.path(ofSubscription: held.subscription),
                "program": sentence("program-" + program, reader),
            ]) { $1 }
        }
        values["has-held"] = !side.held.isEmpty
        values["claims"] = side.claims.map { claim in
            let record = facts.records[claim.signup]
            return [
                "signup": claim.signup.description, "time": reader.format.time(claim.signup.time),
                "utc": reader.format.utc(claim.signup.time), "subscription-id": claim.subscription,
                "link": Self.path(ofSubscription: claim.subscription), "event": claim.event, "is-settled": !claim.isOpen,
                "is-first": claim == facts.found.firstTouch, "is-last": claim == facts.found.lastTouch,
                "route": record?.text(.route) ?? "", "origin": record?.text(.origin) ?? "",
                "campaign": record?.text(.campaign) ?? "",
            ] as [String: Any]
        }
        values["has-claims"] = !side.claims.isEmpty
        values["is-cut"] = side.isCut
        return values
    }

    /// Whose sign-up it was, and when: `1234567, 2016-10-03 08:00:00`.
    private func touch(_ claim: SignupClaim, _ reader: PageReader) -> String {
        "\(claim.partner), \(reader.format.time(claim.signup.time))"
    }

    /// What can be chosen: each partner, with how many subscriptions would get another one and with what speaks against it, and that
    /// nothing changes where there is more than one subscription.
    private func choices(_ facts: ConflictFacts, chosen: String?, at now: Timestamp, _ reader: PageReader) -> [[String: Any]] {
        let all = facts.found.subscriptions
        func changes(_ count: Int) -> String {
            sentence("choice-changes", [count, all].map { reader.format.number(Int64($0)) }, reader)
        }
        var choices: [[String: Any]] = facts.found.sides.map { side in
            let partner = facts.partners[side.partner]
            let id = side.partner.description
            let isUsable = partner?.standing.outcome(at: now).0 == .attributed
            return [
                "value": id, "is-chosen": id == chosen,
                "text": sentence(all == 1 ? "one-choose-partner" : "choose-partner", [id, partner?.name ?? ""], reader),
                "changes": changes(all - side.heldCount),
                "hint": isUsable ? "" : standing(partner?.standing, at: now, reader),
            ]
        }
        if all > 1 {
            choices.append([
                "value": ConflictOrder.Choice.keepWord, "text": sentence("choose-keep", reader),
                "is-chosen": chosen == ConflictOrder.Choice.keepWord, "changes": changes(0), "hint": "",
            ])
        }
        return choices
    }

    private func decide(
        _ form: PageForm, _ id: Int64, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        guard try await desks.office({ try $0.conflict(id) }) != nil else { throw ConflictRefusal.unknown(id) }
        guard let choice = ConflictOrder.Choice(form["choice"] ?? "") else {
            try await noteRefusal("invalid-request", of: "conflict \(id)", identity)
            return try await conflict(
                id, reader, identity, fault: sentence("choose-whose", reader), typed: form, status: .unprocessableContent)
        }
        let versions = Set([form["version"].flatMap { Int($0) }].compactMap { $0 })
        do {
            let order = try ConflictOrder(choice, note: form["note"])
            _ = try await desks.subscriptions.decide(order, onConflict: id, onlyIf: versions, by: identity.caller)
        } catch {
            let problem = Problem(error)
            guard problem.status < 500 else { throw error }
            try await noteRefusal(problem.type, of: "conflict \(id)", identity)
            // What a page answers when somebody else was first.
            let isChanged = problem.status == HTTPResponse.Status.preconditionFailed.code
            return try await conflict(
                id, reader, identity, fault: renderer.told(problem, for: reader), typed: form,
                status: isChanged ? .conflict : HTTPResponse.Status(code: problem.status))
        }
        return .seeOther("/conflicts/\(id)")
    }
}
