package import Attribution

/// How an admin decides a conflict.
package struct ConflictOrder: Equatable, Sendable {
    package enum Choice: Equatable, Sendable {
        /// All of the conflict's subscriptions are this partner's.
        case all(PartnerID)
        /// Each subscription keeps who it has: none of them is wrong.
        case keep

        package static let keepWord = "keep"

        /// A Partner ID, or ``keepWord``; nil for anything else.
        package init?(_ text: String) {
            if text == Self.keepWord {
                self = .keep
            } else if let partner = PartnerID(text) {
                self = .all(partner)
            } else {
                return nil
            }
        }

        /// nil: each keeps who it has.
        package var partner: PartnerID? {
            if case .all(let partner) = self { partner } else { nil }
        }
    }

    package let choice: Choice
    /// Why: it stands in the history of each subscription, and in the records.
    package let note: String

    /// - Throws: ``ConflictRefusal`` `no-note` without one, or with one that can't be kept; see ``SubscriptionText/note(_:)``.
    package init(_ choice: Choice, note: String?) throws(ConflictRefusal) {
        let text: String?
        do throws(SubscriptionFault) {
            text = try SubscriptionText.note(note)
        } catch {
            throw .note
        }
        guard let text else { throw .note }
        self.choice = choice
        self.note = text
    }
}
