package import Attribution

/// What the URLs of a kit are signed with, and until when their signatures are valid.
package struct KitSigning: Sendable {
    let key: LinkKey
    /// The last day of it, in UTC.
    let through: CalendarDay

    /// - Parameter key: the partner's.
    package init(with key: LinkKey, through day: CalendarDay) {
        self.key = key
        through = day
    }

    /// The last second of the last day.
    var end: Timestamp {
        Timestamp(microseconds: through.next.start.microseconds - Timestamp.microsecondsPerSecond)
    }

    /// - Throws: ``KitFault`` when the URL can't be signed until then.
    func signed(_ url: String, by routes: RouteTable) throws(KitFault) -> String {
        do throws(LinkSigningFault) {
            return try routes.signed(url, with: key, until: end)
        } catch {
            throw KitFault(.notSigned, url.quoted, message: "the URL \(url.quoted) can't be signed: \(error)")
        }
    }
}
