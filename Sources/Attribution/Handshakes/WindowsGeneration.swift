/// The Windows release that a client seems to be, by what its TLS offers. A guess: desktops of the same time offer the same, and
/// the lists can be changed by policy. The words are those of `porter probe`.
package enum WindowsGeneration: String, CaseIterable, Sendable {
    /// Windows Server 2012, or Windows 8.
    case server2012 = "2012"
    /// Windows Server 2012 R2, or Windows 7 and 8.1 with their updates.
    case server2012R2 = "2012-r2"
    /// Windows Server 2016, or Windows 10 of that time.
    case server2016 = "2016"
    /// One of the 2012 generation that begins at TLS 1.0: KB3140245 is missing.
    case server2012TLS10 = "2012-tls10"
}
