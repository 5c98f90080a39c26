extension ProbeReport {
    /// What would help one of ``all``, each once, in the order of a sign-up.
    package func mends(of outcome: ReleaseOutcome) -> [ProbeMend] {
        let found = Set(outcome.results.flatMap { mends(of: $0, outcome.release) })
        return ProbeMend.allCases.filter(found.contains)
    }

    func mends(of result: ProbeResult, _ release: WindowsRelease?) -> [ProbeMend] {
        var mends: [ProbeMend] = []
        if let problem = result.problem { mends += [mend(for: problem, release)].compactMap { $0 } }
        // Browsers remember it, and later sign-ups pass the gateway by. Without TLS it leads to TLS, most often.
        if result.status == 301, release != nil { mends.append(.temporaryRedirect) }
        if let certificate = result.agreement?.certificate {
            if !certificate.namesHost { mends.append(.certificateName) }
            switch certificate.chainProblem {
            case nil: break
            case .alone: mends.append(.wholeChain)
            case .outOfDate: mends.append(.currentCertificate)
            case .selfSigned, .unknownAuthority, .other: mends.append(.trustedCertificate)
            }
        }
        return mends
    }

    private func mend(for problem: ProbeProblem, _ release: WindowsRelease?) -> ProbeMend? {
        switch problem {
        case .failure(.nameNotFound): .hostName
        case .failure(let failure):
            // A gateway may do without plain HTTP; what it is there for is said in one place.
            if let release { mend(for: failure, release) } else { .plainHTTP }
        case .unfollowedRedirect: .temporaryRedirect
        // What is wrong with the certificate says what to do.
        case .notAsked, .untrusted: nil
        case .noLocation, .emptyLocation, .notOnTheWeb, .circle: .redirect
        case .noRoute: release == nil ? .plainHTTP : .route
        case .noRedirect(let status):
            switch status {
            case 400, 403: release == nil ? .plainHTTP : .partnerID
            case 500...: .gatewayLog
            default: release == nil ? .plainHTTP : .redirect
            }
        }
    }

    private func mend(for failure: ProbeFailure, _ release: WindowsRelease) -> ProbeMend? {
        switch failure {
        case .nameNotFound: .hostName
        case .refused, .unreachable, .timedOut(.connecting): .listener
        case .timedOut: .patience
        case .closed(.connecting), .setup: nil
        case .notHTTP, .closed(.answer): .http
        case .unfinishedHead: .gatewayLog
        case .handshake(.notTLS): .tlsPort
        case .handshake(.version): release.greatestVersion == .tls10 ? .olderTLS : .lowerFloor
        case .handshake(.unknownName): .serverName
        case .handshake(.internalError): isConnected ? refusal(of: release) : .serverName
        case .handshake(.noSharedSuite), .handshake(.closed), .handshake(.other), .closed(.handshake): refusal(of: release)
        }
    }

    private var isConnected: Bool { !connectedKinds.isEmpty }

    private var connectedKinds: [PeerCertificate.Kind] { certificates.map(\.kind) }

    /// Why the server would not have this release, judged by what the others got: a server does not say it.
    private func refusal(of release: WindowsRelease) -> ProbeMend {
        // Where others connect, the version is what sets this one apart; servers say so in several ways.
        if release.greatestVersion == .tls10, isConnected { return .olderTLS }
        // With an ECDSA certificate every release has suites that servers of today have; with RSA only 2016 has.
        if connectedKinds.contains(.ecdsa) { return .rsaCertificate }
        return connectedKinds.contains(.rsa) ? .ecdsaCertificate : .cipherSuites
    }
}
