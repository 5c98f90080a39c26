/// What a survey found.
package struct ProbeReport: Sendable {
    package let target: ProbeTarget
    /// nil when plain HTTP was not asked.
    package let plainPort: Int?
    package let paths: [String]
    /// One for each release, in the order of ``WindowsRelease/all``.
    package let outcomes: [ReleaseOutcome]
    /// Why nobody gets as far as TLS; then no release tells another story.
    package let failureOfAll: ProbeFailure?
    /// nil when it was not asked.
    package let plain: ReleaseOutcome?
    /// What OpenSSL can't send of what the releases offer.
    package let notSent: [String]
    /// The version of OpenSSL.
    package let openSSLVersion: String

    /// Everything that was asked, plain HTTP last.
    package var all: [ReleaseOutcome] { outcomes + (plain.map { [$0] } ?? []) }

    /// Whether everything that counts leads to the sign-up page.
    package var isGood: Bool { !all.contains(where: \.isFailure) }

    /// The certificates that were shown, each once.
    var certificates: [PeerCertificate] {
        var found: [PeerCertificate] = []
        for certificate in outcomes.flatMap(\.results).compactMap({ $0.agreement?.certificate })
        where !found.contains(certificate) {
            found.append(certificate)
        }
        return found
    }
}
