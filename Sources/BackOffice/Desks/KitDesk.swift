import Attribution
package import DeploymentKit
package import Office

/// Where kits are made: for `porter kit`, for the API and for the pages alike.
package struct KitDesk: Sendable {
    let guides: GuideFolder
    /// What a form proposes as the gateway; nil when the operator has named no host.
    let gateway: GatewayURL?

    /// - Parameters:
    ///   - publicFolder: has the guide's texts.
    ///   - gateway: where sign-ups are answered, as far as it is known.
    package init(publicFolder: String, gateway: GatewayURL? = nil) {
        guides = GuideFolder(publicFolder: publicFolder)
        self.gateway = gateway
    }

    /// A kit whether or not the partner can be attributed today, or is known at all: what it would come to is among its warnings.
    ///
    /// Reads files, and so blocks.
    ///
    /// - Parameters:
    ///   - office: has the partner's name and language, and the key that its URLs are signed with.
    ///   - judge: what becomes of sign-ups.
    /// - Throws: ``KitFault``, ``OfficeError``.
    package func make(_ order: KitOrder, _ office: Office, judge: SignupJudge) throws -> MadeKit {
        let partner = try office.partner(order.partner)
        var kit = try Kit(order, signing: try Self.signing(order, office), judge: judge)
        // Who takes values away need not know whether they worked.
        if !order.isUndo, let warning = Self.agreementWarning(partner, order) { kit.furtherWarnings.append(warning) }
        let file: KitFile
        switch order.format {
        case .script(let script): file = try kit.file(script, undo: order.isUndo)
        case .guide:
            let guide = try guides.guide(language: order.language, wished: partner?.language)
            file = guide.page(for: kit, of: partner?.name)
        }
        return MadeKit(kit: kit, file: file)
    }

    private static func signing(_ order: KitOrder, _ office: Office) throws -> KitSigning? {
        guard let day = order.signedThrough else { return nil }
        guard let key = try office.signingKey(of: order.partner) else { throw KitFault.noKey(of: order.partner) }
        return KitSigning(with: key, through: day)
    }

    /// The directory may know the partner under the other agreement.
    private static func agreementWarning(_ partner: Partner?, _ order: KitOrder) -> KitWarning? {
        // Of who has no agreement it is not known which one is meant.
        guard let known = partner.flatMap({ KitAgreement(rawValue: $0.agreement.rawValue) }), known != order.agreement else {
            return nil
        }
        return .otherAgreement(order.partner, known: known, order.agreement)
    }
}

/// A kit, and the file of it that was asked for.
package struct MadeKit: Sendable {
    package let kit: Kit
    package let file: KitFile

    /// What of it would not work today; nothing for what takes values away.
    package var warnings: [KitWarning] { kit.warnings }

    /// Whether who asks on a page is told the warnings before the file is given: a browser shows no header.
    func isHeldBack(_ isConfirmed: Bool) -> Bool { !isConfirmed && !warnings.isEmpty }
}
