internal import Attribution
import GRDB

/// What must hold of a partner when it is changed, so that nobody writes over what they have not seen.
package enum PartnerCondition: Equatable, Sendable {
    case none
    /// The directory has the partner.
    case present
    /// It has not.
    case absent
    /// One of these directory versions made the partner what it is.
    case version(Set<Int>)

    /// - Throws: ``OfficeError`` `changed-meanwhile`.
    func require(of id: PartnerID, _ db: Database) throws {
        let version = try PartnerState.currentVersion(id, db)
        switch (self, version) {
        case (.none, _), (.present, .some), (.absent, nil): return
        case (.version(let seen), let version?) where seen.contains(version): return
        case (.absent, .some):
            throw OfficeError(
                .changedMeanwhile, "partner \(id) is in the directory already; look at it, and edit it there",
                Mistake(.partnerThere, "\(id)"))
        case (_, nil):
            throw OfficeError(
                .changedMeanwhile, "partner \(id) is not in the directory; add it without saying what it was",
                Mistake(.partnerGone, "\(id)"))
        case (.version, .some):
            throw OfficeError(
                .changedMeanwhile, "partner \(id) was changed since it was read; read it again",
                Mistake(.partnerChanged, "\(id)"))
        }
    }
}
