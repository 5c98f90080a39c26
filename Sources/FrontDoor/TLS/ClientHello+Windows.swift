import Attribution

/// What Schannel of the releases of Essentials offers, by IANA's numbers (MicrosoftDocs/win32,
/// `desktop-src/SecAuthN/tls-cipher-suites-in-windows-{8,8-1,10-v1607}.md`).
private enum Schannel {
    /// P-256 and P-384, and nothing else: browsers of the same time that offer the same suites also have P-521 or X25519.
    static let groups: Set<UInt16> = [23, 24]

    /// ECDHE, RSA and DHE-DSS with CBC and SHA-1; RC4 and 3DES, which updates took out.
    static let tls10: Set<UInt16> = [
        0xC014, 0xC013, 0xC00A, 0xC009, 0x0035, 0x002F, 0x0038, 0x0032, 0x000A, 0x0013, 0x0005, 0x0004,
    ]
    /// With SHA-2 and GCM, which only TLS 1.2 has. ECDHE-RSA has no GCM yet.
    static let tls12: Set<UInt16> = [
        0xC028, 0xC027, 0xC02C, 0xC02B, 0xC024, 0xC023, 0x009F, 0x009E, 0x009D, 0x009C, 0x003D, 0x003C, 0x006A, 0x0040,
    ]
    /// DHE-RSA with CBC: what tells 2012 R2 from 2012.
    static let dheRSA: Set<UInt16> = [0x0039, 0x0033]
    /// ECDHE-RSA with GCM, which came with 2016.
    static let ecdheRSAWithGCM: Set<UInt16> = [0xC030, 0xC02F]
    static let all = tls10.union(tls12).union(dheRSA).union(ecdheRSAWithGCM)

    /// No suites, but signs to the server (RFC 5746, section 3.3; RFC 7507, section 2).
    static let signs: Set<UInt16> = [0x00FF, 0x5600]
    /// Policies take suites out. Fewer than these say nothing of who offers them.
    static let fewestSuites = 4
}

extension ClientHello {
    /// The release that the client seems to be; nil when it offers what none of them does.
    ///
    /// The order of the suites is not looked at: it changed with updates, and can be changed by policy.
    var windowsGeneration: WindowsGeneration? {
        let suites = Set(cipherSuites).subtracting(Schannel.signs)
        guard suites.count >= Schannel.fewestSuites, suites.isSubset(of: Schannel.all), supportedVersions == nil,
            let supportedGroups, !supportedGroups.isEmpty, Schannel.groups.isSuperset(of: supportedGroups)
        else { return nil }
        switch highestVersion {
        case .tls10: return suites.isSubset(of: Schannel.tls10) ? .server2012TLS10 : nil
        case .tls12 where !suites.isDisjoint(with: Schannel.ecdheRSAWithGCM): return .server2016
        case .tls12 where suites.isDisjoint(with: Schannel.tls12): return nil
        case .tls12: return suites.isDisjoint(with: Schannel.dheRSA) ? .server2012 : .server2012R2
        default: return nil
        }
    }
}
