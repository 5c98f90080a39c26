import Attribution
import DeploymentKit
import Hummingbird
import Office

/// The parameters that page and API take for a kit; `porter kit` has options of the same names.
enum KitParameter: String, CaseIterable {
    case format, agreement, gateway, campaign, language, undo, sign, until
}

extension KitWishes {
    /// - Parameter others: that may be there as well.
    /// - Throws: ``Problem`` 400 when there are parameters that are none of a kit's.
    init(_ request: Request, beside others: [String] = []) throws {
        try request.requireQuery(of: KitParameter.allCases.map(\.rawValue) + others)
        self.init()
        func text(_ parameter: KitParameter) -> String? { request.query(parameter.rawValue) }
        format = text(.format)
        agreement = text(.agreement)
        // Addresses and tags are pasted.
        gateway = text(.gateway).map { PartnerText.trimmed($0) }
        campaign = text(.campaign).map { PartnerText.trimmed($0) }
        language = text(.language)
        undo = try request.flag(KitParameter.undo.rawValue)
        sign = try request.flag(KitParameter.sign.rawValue)
        until = text(.until)
    }

    /// Who may have it. A kit has nothing that a partner could not write by hand. A signed one credits the partner for years, as
    /// routes believe it: that is for those who make the keys.
    var role: Role { sign ? .admin : .marketing }
}

/// What a form about a partner's kits has to know.
struct KitSubject: Sendable {
    let partner: Partner
    /// Whether its URLs can be signed.
    let hasKey: Bool

    /// - Returns: nil when the directory does not have the partner.
    init?(_ id: PartnerID, _ office: Office) throws {
        guard let partner = try office.partner(id) else { return nil }
        self.partner = partner
        hasKey = try office.signingKey(of: id) != nil
    }
}

extension Desks {
    /// Where sign-ups are answered, as far as it is known: by a name that the operator gave, or one of a route's.
    var proposedGateway: GatewayURL? {
        if let gateway = kits.gateway { return gateway }
        let host = routes().routes.lazy.filter { $0.endpoint != nil }.compactMap { $0.hosts.first }.first
        return host.flatMap { try? GatewayURL("https://\($0)") }
    }

    /// Makes a kit for a partner of the directory, by the routes and the directory in force, and notes it in the access log unless it
    /// is held back.
    ///
    /// - Parameter isConfirmed: whether it is wanted in spite of its warnings.
    /// - Throws: ``OfficeError`` `unknown-partner`, ``KitFault``.
    func kit(for id: PartnerID, _ wishes: KitWishes, isConfirmed: Bool, by identity: Identity) async throws -> MadeKit {
        let judge = SignupJudge(routes: routes(), directory: partners(), time: now())
        let order = try KitOrder(for: id, wishes, on: judge.time.day)
        let made = try await office { [kits] office in
            guard try office.partner(id) != nil else {
                throw OfficeError(
                    .unknownPartner, "partner \(id) is not in the directory; add it first", Mistake(.partnerGone, "\(id)"))
            }
            return try kits.make(order, office, judge: judge)
        }
        if !made.isHeldBack(isConfirmed) { try await note(identity, .kit, order.summary) }
        return made
    }
}
