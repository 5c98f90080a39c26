package import Attribution

/// New values for some fields of one partner, who may not be in the directory yet. Fields that are not named stay as they are.
package struct PartnerChange: Equatable, Sendable {
    package let id: PartnerID
    package var edits: [PartnerEdit]

    package init(id: PartnerID, edits: [PartnerEdit]) {
        self.id = id
        self.edits = edits
    }

    package struct Refusal: Error, Equatable, Sendable {
        package let faults: [PartnerFault]
    }

    /// The partner with the change made.
    ///
    /// A new status without a reason of its own takes the old reason away, or keeps it while the partner stays suspended;
    /// a suspended partner without any has the reason `other`.
    func applied(to existing: Partner?) throws(Refusal) -> Partner {
        var partner = existing ?? Partner(id: id, name: "")
        for edit in edits { edit.apply(to: &partner) }
        if partner.standing.status == .suspended {
            partner.standing.statusReason = partner.standing.statusReason ?? .other
        } else if !namesReason {
            partner.standing.statusReason = nil
        }
        let faults = Self.faults(of: partner)
        if !faults.isEmpty { throw Refusal(faults: faults) }
        return partner
    }

    private var namesReason: Bool {
        edits.contains { if case .statusReason = $0 { true } else { false } }
    }

    /// The rules between fields.
    private static func faults(of partner: Partner) -> [PartnerFault] {
        var faults: [PartnerFault] = []
        let standing = partner.standing
        if let reason = standing.statusReason, standing.status != .suspended {
            faults.append(
                PartnerFault(
                    message: "status_reason is \(reason.rawValue) but status is \(standing.status.rawValue), "
                        + "expected a reason only with suspended",
                    Mistake(.reasonWithoutSuspension, in: .statusReason)))
        }
        if partner.parent == partner.id {
            faults.append(
                PartnerFault(
                    message: "parent is the partner itself, expected its global ID, or nothing",
                    Mistake(.ownParent, in: .parent)))
        } else if let parent = partner.parent, partner.account == .global {
            faults.append(
                PartnerFault(
                    message: "a global account has the parent \(parent), expected a parent only for a location account",
                    Mistake(.parentOfGlobal, "\(parent)", in: .parent)))
        }
        if let from = standing.validFrom, let to = standing.validTo, from > to {
            faults.append(
                PartnerFault(
                    message: "valid_from \(from) is after valid_to \(to), expected it on or before",
                    Mistake(.daysTurnedRound, "\(from)", "\(to)")))
        }
        return faults
    }
}
