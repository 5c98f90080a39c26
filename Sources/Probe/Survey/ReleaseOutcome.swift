/// What one Windows release, or plain HTTP, saw of a gateway.
package struct ReleaseOutcome: Sendable {
    /// nil for plain HTTP, which does not depend on the release.
    package let release: WindowsRelease?
    /// Whether the gateway is judged by it.
    package let counts: Bool
    /// One for each path, in the survey's order; never empty.
    package let results: [ProbeResult]

    /// A word for it: `2012-r2`, or `plain`.
    package var id: String { release?.id ?? "plain" }
    package var name: String { release?.name ?? "Plain HTTP" }

    package var canSignUp: Bool { results.allSatisfy(\.canSignUp) }
    package var isFailure: Bool { counts && !canSignUp }

    /// Whether a path counts as a sign-up although a browser would not trust the certificate.
    var hasUncountedDistrust: Bool { results.contains { $0.canSignUp && $0.agreement?.certificate?.problem != nil } }

    /// The one that stands for all: the first that failed, else the first.
    package var telling: ProbeResult { results.first { !$0.canSignUp } ?? results[0] }

    /// What was agreed on, on the first connection that came about.
    package var agreement: ProbeResult.Agreement? { results.lazy.compactMap(\.agreement).first }
}
