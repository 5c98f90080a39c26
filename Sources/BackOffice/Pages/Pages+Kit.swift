import Attribution
import DeploymentKit
import HTTPTypes
import Hummingbird
import Office

extension Pages {
    /// Says that the file is wanted in spite of its warnings.
    private static let confirmed = "confirmed"

    /// Asked for a format, the address is the file itself, unless there are warnings to be read before; else it is the form, which
    /// marketing has no other page for.
    func addKit(to group: RouterGroup<BackOfficeContext>) {
        group.get("/partners/:id/kit") { request, context in
            _ = try context.require(.marketing)
            let id = try context.parameters.partnerID()
            let wishes = try KitWishes(request, beside: [Self.confirmed])
            let identity = try context.require(wishes.role)
            return try await kit(of: id, wishes, request, PageReader(request, context), identity)
        }
    }

    private func kit(
        of id: PartnerID, _ wishes: KitWishes, _ request: Request, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let isConfirmed = try request.flag(Self.confirmed)
        guard let subject = try await desks.office({ try KitSubject(id, $0) }) else {
            throw Problem.notFound("partner \(id) is not in the directory")
        }
        guard wishes.format != nil else { return try kitPage(subject, wishes, reader) }
        do {
            let made = try await desks.kit(for: id, wishes, isConfirmed: isConfirmed, by: identity)
            guard made.isHeldBack(isConfirmed) else { return Response(made, isShown: true) }
            return try kitPage(subject, wishes, reader, warnings: made.warnings, nevertheless: confirmation(of: request))
        } catch let fault as KitFault where fault.kind != nil {
            return try kitPage(subject, wishes, reader, fault: told(fault, reader))
        }
    }

    /// The same address, with what says that the warnings were read.
    private func confirmation(of request: Request) -> String {
        let asked = FormText.pairs(request.uri.query ?? "").filter { $0.name != Self.confirmed && !$0.value.isEmpty }
        return request.uri.path + "?" + FormText.query(asked + [(name: Self.confirmed, value: "1")])
    }

    /// In the reader's language.
    private func told(_ warning: KitWarning, _ reader: PageReader) -> String {
        var words = warning.words
        if let failure = warning.failure, let outcome = failure.outcome {
            let cause = failure.reason.map { " (" + sentence("cause-" + $0.rawValue, reader) + ")" } ?? ""
            words.append(sentence("outcome-" + outcome.rawValue, reader) + cause)
        }
        return renderer.pageLibrary.text(
            Sentence(key: "kit-warning-" + warning.kind.rawValue, words: words), in: reader.language)
    }

    /// - Parameter nevertheless: where the file is that the warnings are about.
    private func kitPage(
        _ subject: KitSubject, _ wishes: KitWishes, _ reader: PageReader, fault: String? = nil, warnings: [KitWarning] = [],
        nevertheless: String = ""
    ) throws -> Response {
        let partner = subject.partner
        var values = kitForm(subject, given: wishes, reader)
        values["id"] = partner.id.description
        values["name"] = partner.name
        values["standing"] = standing(partner.standing, at: desks.now(), reader)
        values["standing-key"] = partner.standing.outcome(at: desks.now()).0.rawValue
        values["fault"] = fault
        if !warnings.isEmpty {
            values["is-warned"] = true
            values["warnings"] = warnings.map { told($0, reader) }
            values["nevertheless"] = nevertheless
            // It is among them.
            values["kit-warning"] = ""
        }
        return try renderer.page(
            "kit", title: "kit", values, for: reader, status: fault == nil ? .ok : .unprocessableContent)
    }

    /// What the form's template needs, beside the partner's `id`.
    ///
    /// - Parameter given: what was asked for before.
    func kitForm(_ subject: KitSubject, given: KitWishes = KitWishes(), _ reader: PageReader) -> [String: Any] {
        let partner = subject.partner
        let now = desks.now()
        // Of who has no agreement it is not known which one is meant: MOSPA's kit is that of both.
        let agreement = given.agreement ?? partner.agreement.rawValue
        let isUsable = partner.standing.outcome(at: now).0 == .attributed
        return [
            "kit-warning": isUsable ? "" : standing(partner.standing, at: now, reader),
            "kit-formats": KitFormat.all.map { format in
                [
                    "value": format.name, "text": sentence("kit-format-" + format.name, reader),
                    "is-chosen": format.name == given.format,
                ] as [String: Any]
            },
            "kit-agreements": options(chosen: KitAgreement(rawValue: agreement)) {
                sentence("kit-agreement-" + $0.rawValue, reader)
            },
            "kit-gateway": given.gateway ?? desks.proposedGateway?.description ?? "",
            "kit-campaign": given.campaign ?? "",
            "kit-languages": DocumentedLanguage.allCases.map(\.tag).map { tag in
                ["value": tag, "is-chosen": tag == given.language] as [String: Any]
            },
            "kit-undo": given.undo,
            "kit-may-sign": reader.may(.admin) && subject.hasKey,
            "kit-lacks-key": reader.may(.admin) && !subject.hasKey,
            "kit-sign": given.sign,
            "kit-until": given.until ?? "",
            "kit-usual-end": KitOrder.usualEnd(on: now.day).description,
        ]
    }
}
