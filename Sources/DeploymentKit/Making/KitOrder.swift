package import Attribution

/// What somebody wishes a kit to be, as they wrote it; nil for what they left to us.
package struct KitWishes: Equatable, Sendable {
    /// `mospa`, which is usual, or `mosra`.
    package var agreement: String?
    /// The name of a ``KitFormat``; `reg` is usual.
    package var format: String?
    package var gateway: String?
    package var campaign: String?
    /// The guide's, a language tag.
    package var language: String?
    /// The file that takes the values away again.
    package var undo = false
    /// Whether its URLs are to be signed.
    package var sign = false
    /// The last day on which signed URLs are valid, `YYYY-MM-DD`.
    package var until: String?

    package init() {}
}

/// A kit that can be made: the wishes, read. Command, API and pages all come by here, so that they refuse the same.
package struct KitOrder: Equatable, Sendable {
    package let partner: PartnerID
    package let agreement: KitAgreement
    package let format: KitFormat
    package let isUndo: Bool
    package let gateway: GatewayURL?
    package let campaign: String?
    /// A tag of which the guide's texts must be there; nil for the partner's own language.
    package let language: String?
    /// The last day, in UTC, on which its URLs are to be valid; nil when they are not to be signed.
    package let signedThrough: CalendarDay?

    /// Signed URLs are valid for so long unless somebody says otherwise. An image is deployed for years, and a server whose URLs
    /// have ended is attributed to nobody: longer than Windows Server had mainstream support. A key that leaks is retired.
    package static let usualYears = 5

    /// - Parameter today: in UTC.
    /// - Throws: ``KitFault`` with the first thing that can't be read, or does not go together.
    package init(for partner: PartnerID, _ wishes: KitWishes, on today: CalendarDay) throws(KitFault) {
        self.partner = partner
        agreement = try Self.agreement(wishes.agreement)
        format = try Self.format(wishes.format)
        isUndo = wishes.undo
        if isUndo, format == .guide {
            throw KitFault(.guideUndone, message: "the guide tells how to take the values away; leave undo out")
        }
        gateway = if let text = wishes.gateway { try GatewayURL(text) } else { nil }
        campaign = wishes.campaign
        language = wishes.language
        let through = try Self.end(wishes, on: today)
        if wishes.sign, agreement == .mospa { throw KitFault.signatureWithoutURL }
        // What takes the values away needs their names alone.
        signedThrough = isUndo ? nil : through
    }

    private static func agreement(_ text: String?) throws(KitFault) -> KitAgreement {
        guard let text else { return .mospa }
        guard let agreement = KitAgreement(rawValue: text) else {
            throw KitFault(.agreement, text.quoted, message: "agreement is \(text.quoted), expected mospa or mosra")
        }
        return agreement
    }

    private static func format(_ text: String?) throws(KitFault) -> KitFormat {
        guard let text else { return .script(.reg) }
        guard let format = KitFormat(text) else {
            throw KitFault(
                .format, text.quoted, KitFormat.names, message: "format is \(text.quoted), expected one of \(KitFormat.names)")
        }
        return format
    }

    private static func end(_ wishes: KitWishes, on today: CalendarDay) throws(KitFault) -> CalendarDay? {
        guard let text = wishes.until else { return wishes.sign ? usualEnd(on: today) : nil }
        guard wishes.sign else {
            throw KitFault(
                .untilWithoutSignature,
                message: "until says when signatures end, and none is asked for; add sign, or leave until out")
        }
        guard let day = CalendarDay(text) else {
            throw KitFault(.until, text.quoted, message: "until is \(text.quoted), expected a day as YYYY-MM-DD")
        }
        guard day >= today else {
            throw KitFault(.untilOver, "\(day)", message: "until is \(day), a day that is over; give a later one")
        }
        return day
    }

    /// The last day of signatures when none is given.
    package static func usualEnd(on today: CalendarDay) -> CalendarDay {
        let (year, month, day) = today.civil
        return CalendarDay(year: year + usualYears, month: month, day: day)
    }
}

extension KitOrder {
    /// For the access log: `1234567 mosra cmd`, with what is out of the ordinary.
    package var summary: String {
        "\(partner) \(agreement.rawValue) \(format.name)" + (isUndo ? ", its undo" : "")
            + (signedThrough.map { ", signed through \($0)" } ?? "")
    }
}

extension KitFault {
    package static func language(_ tag: String) -> KitFault {
        let known = DocumentedLanguage.tags
        return KitFault(.language, tag.quoted, known, message: "language is \(tag.quoted), expected one of \(known)")
    }

    /// - Parameter partner: whose URLs are to be signed.
    package static func noKey(of partner: PartnerID) -> KitFault {
        KitFault(
            .noKey, "\(partner)",
            message: "partner \(partner) has no key that its URLs could be signed with; make one with "
                + "`porter partner key add \(partner)`")
    }

    static let signatureWithoutURL = KitFault(
        .signatureWithoutURL,
        message: "mospa sets no URL that could be signed; leave sign out, or take the agreement mosra")
}
