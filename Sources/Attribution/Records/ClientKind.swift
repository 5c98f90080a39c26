/// What kind of program sent the request. A guess; it flags, it never refuses.
package enum ClientKind: String, CaseIterable, Sendable {
    /// Something fetched the page ahead of a person.
    case preview
    case bot
    case tool
    case browser
    case unknown

    /// Whether a request of this kind may be a visit.
    package var isPerson: Bool { self == .browser || self == .unknown }
}

/// The operating system that the user agent claims. NT 6.2 is Server 2012 and Windows 8 alike: it is never called a release.
package enum ClientOS: String, CaseIterable, Sendable {
    case windowsNT61 = "windows-nt-6.1"
    case windowsNT62 = "windows-nt-6.2"
    case windowsNT63 = "windows-nt-6.3"
    case windowsNT100 = "windows-nt-10.0"
    case windowsOther = "windows-other"
    case other
}
