/// All that `porter probe` asks of one gateway: each path as each Windows release, and without TLS.
package struct Survey: Sendable {
    package let target: ProbeTarget
    /// The port for plain HTTP; nil when it is not to be asked.
    package let plainPort: Int?
    /// At least one; each as ``Probe/isPath(_:)`` wants it.
    package let paths: [String]
    /// Of one connection.
    package let timeout: Duration
    /// Whether the unpatched release, which speaks TLS 1.0 only, is one that must be able to sign up.
    package let requiresTLS10: Bool
    /// Whether plain HTTP must lead to the sign-up page, too.
    package let requiresPlain: Bool
    /// Whether a release whose browser would not trust the certificate, as far as is known here, can't sign up.
    package let requiresTrust: Bool

    package init(
        target: ProbeTarget, plainPort: Int?, paths: [String] = Probe.documentedPaths, timeout: Duration = Probe.defaultTimeout,
        requiresTLS10: Bool = false, requiresPlain: Bool = false, requiresTrust: Bool = false
    ) {
        precondition(!paths.isEmpty)
        self.target = target
        self.plainPort = plainPort
        self.paths = paths
        self.timeout = timeout
        self.requiresTLS10 = requiresTLS10
        self.requiresPlain = requiresPlain
        self.requiresTrust = requiresTrust
    }

    /// Asks, one connection after the other, and stops early where more would teach nothing. Blocks.
    ///
    /// - Parameter progress: told, before each release and before plain HTTP, its name.
    package func run(progress: (String) -> Void = { _ in }) -> ProbeReport {
        var outcomes: [ReleaseOutcome] = []
        var failureOfAll: ProbeFailure?
        for release in WindowsRelease.all {
            let counts = requiresTLS10 || release.greatestVersion != .tls10
            if let failureOfAll {
                let results = paths.map { ProbeResult(path: $0, problem: .failure(failureOfAll), duration: nil) }
                outcomes.append(ReleaseOutcome(release: release, counts: counts, results: results))
                continue
            }
            progress(release.name)
            let results = ask {
                Probe(target: target, path: $0, timeout: timeout, requiresTrust: requiresTrust).run(as: release)
            }
            outcomes.append(ReleaseOutcome(release: release, counts: counts, results: results))
            // Only of the first: what happens later is not what the host is.
            if outcomes.count == 1, let failure = results[0].problem?.failure, failure.concernsEveryone { failureOfAll = failure }
        }
        return ProbeReport(
            target: target, plainPort: plainPort, paths: paths, outcomes: outcomes, failureOfAll: failureOfAll,
            plain: plain(after: failureOfAll, progress), notSent: Self.notSent(by: outcomes.map(\.release)),
            openSSLVersion: ReleaseOffer.openSSLVersion)
    }

    private func plain(after failure: ProbeFailure?, _ progress: (String) -> Void) -> ReleaseOutcome? {
        guard let plainPort else { return nil }
        let results: [ProbeResult]
        if let failure, case .nameNotFound = failure {
            results = paths.map { ProbeResult(path: $0, problem: .failure(failure), duration: nil) }
        } else {
            progress("plain HTTP")
            let target = ProbeTarget(host: target.host, port: plainPort)
            results = ask { Probe(target: target, path: $0, timeout: timeout).runPlain() }
        }
        return ReleaseOutcome(release: nil, counts: requiresPlain, results: results)
    }

    /// Each path in turn. What fails before the request fails for every path, and a server that leaves one request unanswered is
    /// not waited for again: four releases and four paths would take sixteen timeouts.
    private func ask(_ probe: (String) -> ProbeResult) -> [ProbeResult] {
        var results: [ProbeResult] = []
        for path in paths {
            switch results.last?.problem {
            case .failure(let failure) where failure.isBeforeRequest:
                results.append(ProbeResult(path: path, problem: .failure(failure), duration: nil))
            case .failure(.timedOut), .notAsked:
                results.append(ProbeResult(path: path, problem: .notAsked, duration: nil))
            default: results.append(probe(path))
            }
        }
        return results
    }

    /// What OpenSSL can't send, each once, in the order of the releases.
    private static func notSent(by releases: [WindowsRelease?]) -> [String] {
        var all: [String] = []
        for name in releases.compactMap({ $0?.notSent }).joined() where !all.contains(name) { all.append(name) }
        return all
    }
}
